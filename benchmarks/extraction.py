"""Compare the extraction of web pages' content with other extractors: quality, losses and speed.

Usage: python benchmarks/extraction.py [FOLDER] [--languages ARCHIVE.warc.gz...] [--json FILE]

FOLDER has HTML files, beside each, where it is known, the right text in a file that ends in `.txt`; or the
annotated pages of `benchmarks/extractors/pages.py`. Extractors are measured against that; without it,
by the share of the page that they take, and by how far they agree with `main`. `--languages` measures the
share of prose that is taken of pages in many languages.

Each extractor runs in a process of its own, with one thread, on the pages' bytes; one works at a time, and
they take turns. The times are processor time, helper processes included, the median of the rounds.

jusText uses the stop words of the language that the page names, or none. readability-lxml's result is
written as text by resiliparse.
"""

from __future__ import annotations

import argparse
import datetime
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from extractors import tables
from extractors.calls import EXTRACTORS, version
from extractors.pages import read_archives, read_folder
from extractors.processes import run

_SHARED = Path(__file__).parents[2] / "shared" / "data" / "extraction"


def main() -> None:
    """Run the extractors, print the tables and write them to a file if one is named."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, default=_SHARED, help="folder of pages")
    parser.add_argument("--rounds", type=int, default=3, help="how often each page is read (3)")
    parser.add_argument(
        "--only", action="append", choices=EXTRACTORS, metavar="NAME", help="an extractor to run"
    )
    parser.add_argument(
        "--languages", nargs="+", type=Path, metavar="WARC", help="archives in many languages"
    )
    parser.add_argument(
        "--per-language", type=int, default=30, help="pages of a language to read (30)"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the measures to a file")
    options = parser.parse_args()
    if options.rounds < 1:
        parser.error("--rounds must be 1 or more")
    if not options.folder.is_dir():
        parser.error(f"{options.folder} is not a folder")
    names = options.only or list(EXTRACTORS)
    versions = {name: version(name) for name in names}
    installed = [name for name in names if versions[name] is not None]
    missing = [name for name in names if versions[name] is None]
    record: dict[str, Any] = {
        "date": datetime.date.today().isoformat(),
        "rounds": options.rounds,
        "versions": versions,
    }
    record |= compare(options.folder, installed, missing, options.rounds)
    if options.languages:
        record |= compare_languages(options.languages, installed, options.per_language)
    if options.json:
        options.json.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


def compare(
    folder: Path, names: Sequence[str], missing: Sequence[str], rounds: int
) -> dict[str, Any]:
    """Print and return the measures on the pages of a folder."""
    pages = read_folder(folder)
    if not pages:
        sys.exit(f"{folder} has no pages: neither articles.json, chunks.json nor files of HTML")
    results = tables.measure(pages, run(names, [page.html for page in pages], rounds))
    print(f"{len(pages)} pages, {sum(len(page.html) for page in pages) / 1e6:.1f} MB\n")
    print(tables.table(results, missing), flush=True)
    return {"pages": len(pages), "extractors": results}


def compare_languages(
    archives: list[Path], names: Sequence[str], per_language: int
) -> dict[str, Any]:
    """Print and return how much of the prose of archives' pages is taken, by language."""
    pages = read_archives(archives, per_language)
    results = tables.measure_languages(pages, run(names, [page.html for page in pages], 1))
    print("\nPercent of a page's prose that is taken: least value and quartiles\n")
    print(tables.language_table(results, names))
    return {"languages": results}


if __name__ == "__main__":
    main()
