"""Compare the cost of annotating pages with the sum of its parts, on one core.

Usage: python benchmarks/annotate.py ARCHIVE.warc.gz... --models DIR

The parts are direct calls of fastText, of SentencePiece and KenLM, and of the signals with MinHash. The
whole is `udfs.annotate.measure` after `identify`, in batches, as the job calls it. Times are CPU times of
this process, the least of three runs.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

BATCH = 200


def pages(archives: Sequence[str]) -> list[str]:
    """Return the main content of all pages of at least 300 characters."""
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    from udfs.extract import html
    from udfs.extract.errors import ExtractionError

    texts = []
    for archive in archives:
        with open(archive, "rb") as file:
            for record in ArchiveIterator(file, record_types=WarcRecordType.response):
                try:
                    texts.append(html.extract(record.reader.read(), record.http_content_type).text)
                except ExtractionError as error:
                    print(f"skipped: {error.message}", file=sys.stderr)
    return [text for text in texts if len(text) >= 300]


def seconds(work: Callable[[], object]) -> float:
    """Return the CPU time of the fastest of three runs."""
    times = []
    for _ in range(3):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def main() -> None:
    """Measure and print documents per second."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("archives", nargs="+", metavar="ARCHIVE")
    parser.add_argument("--models", required=True, metavar="DIR")
    options = parser.parse_args()

    import kenlm
    import sentencepiece

    from udfs import quality_signals
    from udfs.annotate import Models, measure
    from udfs.ccnet.language import identify

    texts = pages(options.archives)
    loaded = Models.load(options.models)
    loaded.check()
    codes = [language.code for language in identify(texts, loaded.language)]
    domains = ["example.org"] * len(texts)
    bare = {
        language: (
            sentencepiece.SentencePieceProcessor(model_file=str(paths.pieces)).encode_as_pieces,
            kenlm.Model(str(paths.model)).score,
        )
        for language, paths in loaded.perplexity.items()
    }

    def perplexity() -> None:
        for text, code in zip(texts, codes, strict=True):
            if code in bare:
                encode, score = bare[code]
                score(" ".join(encode(text)))

    def whole() -> None:
        for start in range(0, len(texts), BATCH):
            batch = texts[start : start + BATCH]
            languages = identify(batch, loaded.language)
            lengths = [len(text) for text in batch]
            lines = [text.count("\n") + 1 for text in batch]
            measure(
                batch,
                domains[start : start + BATCH],
                loaded,
                languages=[language.code for language in languages],
                language_scores=[language.score for language in languages],
                ccnet={
                    "length": lengths,
                    "original_length": lengths,
                    "nlines": lines,
                    "original_nlines": lines,
                },
                bucketed=[True] * len(batch),
                simhashed=[False] * len(batch),
            )

    parts = {
        "fastText": seconds(
            lambda: [
                loaded.language.f.predict(text.replace("\n", "") + "\n", 1, 0.0, "strict")
                for text in texts
            ]
        ),
        f"SentencePiece and KenLM ({', '.join(bare)})": seconds(perplexity),
        "signals and MinHash": seconds(
            lambda: quality_signals.columns_and_signatures(texts, codes, domains, loaded.resources)
        ),
    }
    total = seconds(whole)
    print(f"{len(texts)} documents of {sum(map(len, texts)) / len(texts):,.0f} characters")
    for name, time_ in [*parts.items(), ("the whole, as in the job", total)]:
        print(f"{len(texts) / time_:10,.0f} documents per second  {name}")
    print(f"{sum(parts.values()) / total:10.2f} sum of the parts over the whole")


if __name__ == "__main__":
    main()
