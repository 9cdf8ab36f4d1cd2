"""Pieces for notebooks: one element that runs nothing and loads nothing."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
from explore_places import HOSTILE, hostile_rows, root, write_parquet

from jobs import notebook
from schemas.errors import UserError


def framed(frame: str) -> str:
    """Return the page in a frame."""
    pattern = r'<div><iframe sandbox="" srcdoc="([^"]*)" title="[^"]*" [^<>]*></iframe></div>'
    found = re.fullmatch(pattern, frame)
    assert found
    return html.unescape(found[1])


def test_a_document(tmp_path: Path) -> None:
    page = framed(notebook.explore_document(str(root(tmp_path)), "c4/b", table="annotated"))
    assert "The other line stays" in page
    assert "rps_doc_word_count" in page
    assert "0.8750" in page
    assert "<a href" not in page
    with pytest.raises(UserError, match="no document c4/none"):
        notebook.explore_document(str(root(tmp_path / "2")), "c4/none")


def test_hostile_documents(tmp_path: Path) -> None:
    place = str(write_parquet(tmp_path, hostile_rows()))
    for page in (
        framed(notebook.explore_document(place, hostile_rows()[0]["id"])),
        *(framed(notebook.explore_map(place, colour=name)) for name in ("cluster", "slice")),
    ):
        assert HOSTILE not in page
        assert "<script" not in page
        assert "<img" not in page


def test_a_map_has_every_document_once(tmp_path: Path) -> None:
    place = str(write_parquet(tmp_path, hostile_rows()))
    for colour in ("cluster", "language"):
        page = framed(notebook.explore_map(place, colour=colour, size=40))
        paths = re.findall(r'<path d="([^"]*)"', page)
        assert sum(path.count("M") for path in paths) == 40
    assert ">de</li>" in page
    with pytest.raises(UserError, match="no column 'colour'"):
        notebook.explore_map(place, colour="colour")
