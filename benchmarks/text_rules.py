"""Compare the speed of CCNet's rules and of token counts with bare library calls, on one core.

Usage: python benchmarks/text_rules.py ARCHIVE.warc.gz... --models DIR

The input is the visible text of pages. A rule's time includes everything it does; the bare call is the
library alone, on prepared input: a lower bound for any rule that calls the library as often.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import kenlm
import numpy as np
import sentencepiece
from fastwarc.warc import ArchiveIterator, WarcRecordType
from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.encoding import bytes_to_str, detect_encoding

sys.path.insert(0, str(Path(__file__).parents[1]))

from udfs.ccnet import language, normalizer, paragraphs
from udfs.models import model_files
from udfs.tokens.tokenizer import load_tokenizer, tokenizer_path


def pages(archives: Sequence[str], limit: int) -> Iterator[str]:
    """Yield the texts of the archives' pages, at most `limit`."""
    for archive in archives:
        with open(archive, "rb") as file:
            for record in ArchiveIterator(file, record_types=WarcRecordType.response):
                html = record.reader.read()
                text = extract_plain_text(bytes_to_str(html, detect_encoding(html) or "utf-8"))
                if text:
                    yield text
                    limit -= 1
                if limit <= 0:
                    return


def seconds(call: Callable[[], object], repeats: int = 3) -> float:
    """Return the least CPU time of `repeats` calls."""
    times = []
    for _ in range(repeats):
        start = time.process_time()
        call()
        times.append(time.process_time() - start)
    return min(times)


def calls(texts: list[str], folder: str) -> Iterator[tuple[str, Callable[[], Any], Any]]:
    """Yield each rule's name, the rule, and the bare call of its library."""
    lines = [line.encode() for text in texts for line in text.split("\n")]
    yield (
        "hash_paragraphs",
        lambda: [paragraphs.hash_paragraphs(text) for text in texts],
        lambda: [hashlib.sha1(line).digest() for line in lines],
    )
    hashes = [paragraphs.hash_paragraphs(text) for text in texts]
    flat = np.concatenate(hashes)
    yield (
        "archive_line_ids",
        lambda: paragraphs.archive_line_ids(hashes),
        lambda: np.argsort(flat, kind="stable"),
    )

    lid = model_files.load_language_model(model_files.language_model_path(folder))
    joined = [text.replace("\n", "") + "\n" for text in texts]
    yield (
        "identify",
        lambda: language.identify(texts, lid),
        lambda: [lid.f.predict(line, 1, 0.0, "strict") for line in joined],
    )
    yield "normalize", lambda: [normalizer.normalize(text) for text in texts], None

    english = model_files.find_perplexity_models(folder)["en"]
    scorer = model_files.load_perplexity(english)
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(english.pieces))
    model = kenlm.Model(str(english.model))
    normal = [normalizer.normalize(text) for text in texts]
    yield (
        "perplexity",
        lambda: scorer.score(texts),
        lambda: [model.score(" ".join(pieces.encode_as_pieces(text))) for text in normal],
    )
    bare = sentencepiece.SentencePieceProcessor(model_file=str(tokenizer_path()))
    tokenizer = load_tokenizer()
    yield (
        "token counts",
        lambda: tokenizer.count(texts),
        lambda: [len(ids) for ids in bare.encode(texts, num_threads=1)],
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("archives", nargs="+", help="WARC files with HTML pages")
    parser.add_argument("--models", required=True, help="folder with en.sp.model and en.arpa.bin")
    parser.add_argument("--limit", type=int, default=1000, help="pages to read (default 1000)")
    options = parser.parse_args()
    texts = list(pages(options.archives, options.limit))
    print(f"{len(texts)} pages, {sum(map(len, texts)) / len(texts):.0f} characters each")
    print(f"{'rule':18}{'documents/s':>14}{'bare call':>14}{'rule over bare':>18}")
    for name, rule, bare in calls(texts, options.models):
        own = seconds(rule)
        print(f"{name:18}{len(texts) / own:14,.0f}", end="")
        if bare is not None:
            library = seconds(bare)
            print(f"{len(texts) / library:14,.0f}{own / library:18.2f}", end="")
        print()


if __name__ == "__main__":
    main()
