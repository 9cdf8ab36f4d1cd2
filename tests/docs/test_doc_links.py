"""Links of the documentation: what they name exists, and every page is linked."""

from __future__ import annotations

import importlib
import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from pages import PAGES, PROJECT, WRITTEN, anchors, links, name, prose

EXTERNAL = ("https://", "http://", "mailto:")
PLACES = re.compile(
    r"(?<![\w/.])(?:deploy|jobs|udfs|schemas|tests|benchmarks|notebooks|docs)/[\w./-]*\w"
)
MODULES = re.compile(r"`((?:jobs|udfs|schemas)(?:\.\w+)+)")


def target(page: Path, link: str) -> tuple[Path, str]:
    path, _, anchor = link.partition("#")
    return (page.parent / unquote(path)).resolve() if path else page, anchor


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_what_a_link_names_exists(page: Path) -> None:
    for link in links(page):
        if link.startswith(EXTERNAL):
            continue
        file, anchor = target(page, link)
        assert file.exists(), link
        assert PROJECT in file.parents, link
        if anchor:
            assert anchor in anchors(file), link


def test_each_page_is_reached_from_the_readme() -> None:
    reached, look = set(), [PROJECT / "README.md"]
    while look:
        page = look.pop()
        if page in reached:
            continue
        reached.add(page)
        named = [target(page, link)[0] for link in links(page) if not link.startswith(EXTERNAL)]
        look += [file for file in named if file.suffix == ".md" and file.is_file()]
    assert set(PAGES) <= reached


@pytest.mark.filterwarnings("ignore:jobs.session is now")
@pytest.mark.parametrize("page", WRITTEN, ids=name)
def test_files_and_modules_that_a_page_names_exist(page: Path) -> None:
    text = prose(page)
    for named in PLACES.findall(text):
        if not re.search(r"/[A-Z]+\b(?!\.md)", named):  # a name to fill in
            assert (PROJECT / named).exists(), named
    for dotted in MODULES.findall(text):
        assert exists(dotted), dotted


def exists(dotted: str) -> bool:
    """Tell whether a module, or a name in one, can be imported."""
    module, _, attribute = dotted.rpartition(".")
    try:
        importlib.import_module(dotted)
    except ModuleNotFoundError:
        return hasattr(importlib.import_module(module), attribute)
    return True


def test_a_dead_name_would_be_seen() -> None:
    assert exists("jobs.tables.read")
    assert not exists("jobs.tables.raed")
    assert anchors(PROJECT / "docs/dedup.md") >= {"the-survivor", "size"}
