"""Compare the extraction of web pages' content with other extractors: quality, losses and speed.

Usage: python benchmarks/extraction.py [FOLDER] [--languages ARCHIVE.warc.gz...] [--json FILE]

FOLDER has HTML files and, beside each, where it is known, the right text in a file that ends in `.txt`;
or the annotated pages that `benchmarks/extractors/pages.py` describes, which are the default. Extractors
are measured against the right text; without it, by the share of the page that they take and by how far
they agree with `main`.

`--languages` measures, for each language of some archives, the share of the prose that is taken.

Each extractor runs in a process of its own, with one thread, on the bytes of the pages. One works at a time,
and they take turns. The times are processor time, helper processes included, the median of the rounds.

The model of `main` was trained on the annotated pages. `--unseen` adds its measures on sites that it was not
trained on, by the file that `benchmarks/extraction/train.py --probabilities` writes.

jusText uses the stop words of the language that the page names, or none. What readability-lxml returns is
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
from extractors.unseen import NAME, run_unseen

_SHARED = Path(__file__).parents[2] / "shared" / "data" / "extraction"


def main() -> None:
    """Run the extractors, print the tables and write them to a file if one is named."""
    options = _options()
    versions = {name: version(name) for name in options.only or EXTRACTORS}
    installed = [name for name in versions if versions[name] is not None]
    record: dict[str, Any] = {
        "date": datetime.date.today().isoformat(),
        "rounds": options.rounds,
        "versions": versions,
    }
    try:
        if options.folder or not options.languages:
            missing = [name for name in versions if versions[name] is None]
            folder = options.folder or _SHARED
            record |= compare(folder, installed, missing, options.rounds, options.unseen)
        if options.languages:
            record |= compare_languages(options.languages, installed, options.per_language)
    except (OSError, ValueError, RuntimeError) as error:
        sys.exit(f"extraction.py: {' '.join(str(error).split())}")
    if options.json:
        options.json.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, help=f"folder of pages ({_SHARED})")
    parser.add_argument("--rounds", type=int, default=3, help="how often each page is read (3)")
    parser.add_argument(
        "--only", action="append", choices=EXTRACTORS, metavar="NAME", help="an extractor to run"
    )
    parser.add_argument("--unseen", type=Path, metavar="NPZ", help="probabilities of unseen sites")
    parser.add_argument(
        "--languages", nargs="+", type=Path, metavar="WARC", help="archives in many languages"
    )
    parser.add_argument(
        "--per-language", type=int, default=30, help="pages of a language to read (30)"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the measures to a file")
    options = parser.parse_args()
    for name in ("rounds", "per_language"):
        if getattr(options, name) < 1:
            parser.error(f"--{name.replace('_', '-')} must be 1 or more")
    return options


def compare(
    folder: Path,
    names: Sequence[str],
    missing: Sequence[str],
    rounds: int,
    unseen: Path | None = None,
) -> dict[str, Any]:
    """Print and return the measures on the pages of a folder.

    Raises
    ------
    ValueError
        The folder has no pages, or a file of it is not what it should be.
    OSError
        A file cannot be read.
    RuntimeError
        The process of an extractor ended.
    """
    pages = read_folder(folder)
    if not pages:
        raise ValueError(f"{folder} has no articles.json, no chunks.json and no files of HTML")
    first = {NAME: run_unseen(pages, unseen)} if unseen else {}
    runs = first | run(names, [page.html for page in pages], rounds)
    results = tables.measure(pages, runs)
    size = sum(len(page.html) for page in pages)
    print(
        f"{len(pages)} pages, {size / 1e6:.1f} MB\n\n{tables.table(results, missing)}", flush=True
    )
    return {"pages": len(pages), "bytes": size, "extractors": results}


def compare_languages(
    archives: list[Path], names: Sequence[str], per_language: int
) -> dict[str, Any]:
    """Print and return how much of the prose of archives' pages is taken, by language."""
    pages = read_archives(archives, per_language)
    if not pages:
        raise ValueError("no page of the archives names its language")
    results = tables.measure_languages(pages, run(names, [page.html for page in pages], 1))
    print("\nPercent of a page's prose that is taken: least value and quartiles\n")
    print(tables.language_table(results, names))
    return {"languages": results}


if __name__ == "__main__":
    main()
