"""Compare the cost of token counts and packed token ids with bare library calls, on one core.

Usage: python benchmarks/tokens.py ARCHIVE.warc.gz... [--tokenizer tokenizer.json] [--rounds 7]

The texts are the main contents of the archives' pages. Both sides take turns; times are CPU times.
Without --tokenizer, a byte-level BPE of 32,000 entries is trained on the same texts. Both sides must give
equal counts.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence, Sized
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parent))
os.environ["TOKENIZERS_PARALLELISM"] = "false"

from annotate import pages

from udfs.tokens.packing import packing
from udfs.tokens.tokenizer import HuggingFaceTokenizer, SentencePieceTokenizer, tokenizer_path

ENTRIES = 32_000
END = "<|endoftext|>"


def trained(texts: Sequence[str], folder: str) -> str:
    """Train a byte-level BPE on the texts; return the path of its tokenizer.json."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=ENTRIES,
        special_tokens=[END],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    path = str(Path(folder, "tokenizer.json"))
    tokenizer.save(path)
    return path


Side = Callable[[Sequence[str]], list[int]]


def sides(json_file: str) -> Iterator[tuple[str, Side, Side]]:
    """Yield each measurement: its name, our function and the library's, which count tokens."""
    import sentencepiece
    import tokenizers

    processor = sentencepiece.SentencePieceProcessor(model_file=str(tokenizer_path()))
    bare = tokenizers.Tokenizer.from_file(json_file)

    def pieces(texts: Sequence[str]) -> list[int]:
        return [len(processor.encode(text)) for text in texts]

    def encoded(texts: Sequence[str]) -> list[int]:
        return [len(bare.encode(text, add_special_tokens=False).ids) for text in texts]

    yield "count, SentencePiece (Mistral)", SentencePieceTokenizer(processor, "").count, pieces
    own = HuggingFaceTokenizer(Path(json_file).read_text(encoding="utf-8"), "")
    yield "count, tokenizer.json", own.count, encoded
    for name, file, library in (
        ("SentencePiece (Mistral)", None, pieces),
        ("tokenizer.json", json_file, encoded),
    ):
        yield (
            f"pack, {name}",
            partial(packed_counts, packing(file, None, "int32").packer()),
            library,
        )


def packed_counts(pack: Callable[[str], Sized], texts: Sequence[str]) -> list[int]:
    """Return the number of token ids of each packed text, without the end token."""
    return [len(pack(text)) - 1 for text in texts]


def timed(side: Side, texts: Sequence[str]) -> tuple[float, Any]:
    start = time.process_time()
    counts = side(texts)
    return time.process_time() - start, counts


def main() -> None:
    """Measure and print a line per measurement."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("archives", nargs="+", metavar="ARCHIVE")
    parser.add_argument("--tokenizer", metavar="FILE")
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    texts = pages(options.archives)
    print(f"{len(texts)} texts, {sum(map(len, texts)) / 1e6:.1f} million characters")
    with tempfile.TemporaryDirectory() as folder:
        for name, ours, library in sides(options.tokenizer or trained(texts, folder)):
            timed(ours, texts[:20])
            ratios, least = [], [float("inf")] * 2
            for round_ in range(options.rounds):
                order = (0, 1) if round_ % 2 else (1, 0)
                results = {i: timed((ours, library)[i], texts) for i in order}
                if results[0][1] != results[1][1]:
                    raise SystemExit(f"{name}: the counts are not the library's")
                ratios.append(results[0][0] / results[1][0])
                least = [min(best, results[i][0]) for i, best in enumerate(least)]
            all_ratios = " ".join(f"{ratio:.2f}" for ratio in ratios)
            print(
                f"{name:32} {statistics.median(ratios):.2f} of the library's time ({all_ratios}); "
                f"{least[0]:.2f} s and {least[1]:.2f} s"
            )


if __name__ == "__main__":
    main()
