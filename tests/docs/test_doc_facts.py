"""Facts of the documentation that the code has as well: they are equal."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml
from pages import PROJECT, blocks

from jobs.steps.curate import filters
from jobs.steps.mix import recipe_file
from schemas.settings.commands import JOBS
from schemas.settings.export import EXPORT_FORMATS
from schemas.settings.ingest import INGEST
from schemas.settings.slices import SLICES
from schemas.tables import TABLES
from udfs.quality_signals import SIGNALS

DOCS = PROJECT / "docs"


def rows(page: str, *, first: str) -> list[list[str]]:
    """Return the cells of the table whose first heading is `first`, without its head."""
    text = (PROJECT / page).read_text(encoding="utf-8")
    body = re.search(rf"(?m)^\| {re.escape(first)} \|.*\n\| ---.*\n((?:\|.*\n)+)", text)
    assert body, f"{page} has no table of {first}"
    lines = body[1].replace("\\|", "&#124;").splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def names(cell: str) -> list[str]:
    """Return what a cell has between backticks."""
    return re.findall(r"`([^`]+)`", cell)


def test_the_cli_page_is_what_help_prints(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(DOCS))
    make_cli: Any = __import__("make_cli")
    page = (DOCS / "cli.md").read_text(encoding="utf-8")
    # word by word: Python 3.13 and later indent the list of commands in another way
    assert page.split() == make_cli.page().split(), "run `python docs/make_cli.py`"


def test_the_texts_of_the_extraction_page_are_what_is_extracted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.syspath_prepend(str(DOCS))
    make_texts: Any = __import__("make_extraction_texts")
    page = (DOCS / "extraction.md").read_text(encoding="utf-8")
    assert len(make_texts.BLOCK.findall(page)) == page.count("<!-- ") > 0
    assert page == make_texts.page(), "run `python docs/make_extraction_texts.py`"


def test_the_readme_is_short() -> None:
    assert len((PROJECT / "README.md").read_text(encoding="utf-8").splitlines()) <= 140


def test_tables_of_the_readme() -> None:
    listed = [names(row[0])[0].strip("/") for row in rows("README.md", first="table")]
    assert sorted(listed) == sorted([*TABLES, "_runs"])


def test_columns_of_the_tables() -> None:
    listed: dict[str, tuple[list[str], list[str]]] = {}
    for table, folders, columns in rows("docs/tables.md", first="table"):
        found = re.findall(r"`(\w+)[^`]*`(?! and)", columns)
        listed[names(table)[0].strip("/")] = (names(folders), found)
    listed["annotated"][1][:0] = listed["documents"][1]
    for name, table_ in TABLES.items():
        expected = [column for column in table_.schema.names if column not in table_.partitions]
        assert listed.pop(name) == ([f"{column}=" for column in table_.partitions], expected), name
    assert not listed


def test_commands_of_the_readme() -> None:
    listed = [name for row in rows("README.md", first="command") for name in names(row[0])]
    assert set(listed) == {name.split()[0] for name in JOBS}


def page_of(slice_: str) -> str:
    family = INGEST[slice_].family if slice_ in INGEST else ""
    return {"chat": "conversations"}.get(family, slice_)


def test_each_slice_has_a_row_and_a_page() -> None:
    listed = [row[0] for row in rows("docs/ingest.md", first="slice")]
    pages = {name: page_of(name) for name in SLICES}
    assert set(listed) == {f"[{name}](slices/{page}.md)" for name, page in pages.items()}


def test_each_signal_has_a_row() -> None:
    listed = [name for row in rows("docs/annotate.md", first="signal") for name in names(row[0])]
    assert sorted(listed) == sorted(SIGNALS)


def test_each_export_format_filter_set_and_recipe_has_a_row() -> None:
    formats = [names(row[0])[0] for row in rows("docs/export.md", first="`--format`")]
    assert sorted(formats) == sorted(EXPORT_FORMATS)
    sets = [names(row[0])[0] for row in rows("docs/curation.md", first="set")]
    assert sorted(sets) == sorted(filters.SHIPPED.names())
    text = " ".join(row[0] for row in rows("docs/mixture.md", first="option"))
    for recipe in recipe_file.SHIPPED.names():
        assert f"`--recipe {recipe}`" in text


def test_rates_are_those_of_the_sizing() -> None:
    (block,) = (block for block in blocks("yaml") if block.page.name == "SIZING.md")
    sizing = yaml.safe_load(block.text)
    listed = {
        row[0].partition(":")[0].partition(",")[0]: row[1]
        for row in rows("docs/performance.md", first="stage")
    }
    rates = {name: f"{rate:,} documents" for name, rate in sizing["documents_a_second"].items()}
    rates["ingest"] = f"{1000 / sizing['ingest_seconds_a_gb']:.1f} MB"
    assert listed == rates
