"""Compare the speed of V2's MinHash with datasketch and with SHA-1 alone, on one core.

Usage: python benchmarks/minhash.py [--words 860] [--documents 200]

The texts consist of random words with the frequencies of natural language.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import time
from collections.abc import Callable
from pathlib import Path

import datasketch
import numpy as np
from datasketch.hashfunc import sha1_hash32

sys.path.insert(0, str(Path(__file__).parents[1]))

from udfs.near_duplicates import minhash_v2


def make_texts(documents: int, words: int) -> list[str]:
    """Return normalised texts whose word frequencies follow Zipf's law."""
    random = np.random.default_rng(0)
    numbers = random.zipf(1.3, (documents, words)) % 50_000
    return [" ".join(f"w{number:x}rd" for number in row) for row in numbers.tolist()]


def shingles(text: str) -> list[bytes]:
    """Return the 13-grams of a text."""
    words = text.split()
    last = len(words) - minhash_v2.NGRAM + 1
    return [" ".join(words[i : i + minhash_v2.NGRAM]).encode() for i in range(last)]


def by_datasketch(text: str) -> bytes:
    """Return the signature of a text as V2 computes it, with one batch update."""
    legacy = {"scheme": "legacy"} if int(datasketch.__version__.split(".")[0]) > 1 else {}
    sketch = datasketch.MinHash(
        minhash_v2.PERMUTATIONS, seed=minhash_v2.SEED, hashfunc=sha1_hash32, **legacy
    )
    sketch.update_batch(shingles(text))
    signature: bytes = sketch.hashvalues.astype(">u4").tobytes()
    return signature


def rate(name: str, call: Callable[[], object], documents: int, repeats: int = 3) -> None:
    """Print documents per second from the least CPU time of `repeats` calls."""
    times = []
    for _ in range(repeats):
        start = time.process_time()
        call()
        times.append(time.process_time() - start)
    print(f"{documents / min(times):8.0f} documents per second: {name}")


def main() -> None:
    """Measure and print the rates."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--words", type=int, default=860)
    parser.add_argument("--documents", type=int, default=200)
    options = parser.parse_args()

    texts = make_texts(options.documents, options.words)
    assert minhash_v2.signatures_of_normalized(texts[:20]) == [by_datasketch(t) for t in texts[:20]]
    prepared = [shingles(text) for text in texts]
    count = len(texts)
    rate("datasketch", lambda: [by_datasketch(text) for text in texts], count)
    rate("from raw texts", lambda: minhash_v2.signatures(texts), count)
    rate("from normalised texts", lambda: minhash_v2.signatures_of_normalized(texts), count)
    sha1 = hashlib.sha1
    rate("SHA-1 alone", lambda: [[sha1(x).digest() for x in text] for text in prepared], count)

    some = [signature for signature in minhash_v2.signatures_of_normalized(texts) if signature]
    pairs = some * (100_000 // len(some))
    start = time.process_time()
    minhash_v2.similarities(pairs, pairs[::-1])
    print(f"{len(pairs) / (time.process_time() - start):8.0f} similarities per second")


if __name__ == "__main__":
    main()
