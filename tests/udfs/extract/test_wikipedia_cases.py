"""Wikitext with its right text, a folder a kind."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from udfs.extract.wikitext import close, extract

_EXPECTED = re.compile(r"^--- (\d+) expected\n(.*?)\n--- \1 got", re.DOTALL | re.MULTILINE)
_EDITION = re.compile(r"\[(\w+)\] ")
KINDS = (
    "w01-comment-mark-as-text-ends-article",
    "w02-tags-as-text-vanish",
    "w04-elision-and-possessive-lose-apostrophe",
    "w05-other-editions-templates-vanish",
    "w06-numbers-in-english-form",
    "w08-langx-and-current-english",
    "w09-math-templates",
    "w11-language-converter-marks",
    "w12-line-that-starts-with-a-bar",
    "w13-ruby-readings-run-together",
)


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind(kind: str, dump_cases: Path) -> None:
    folder = dump_cases / kind
    inputs = sorted(folder.glob("input*.wikitext"))
    expected = _EXPECTED.findall((folder / "expected.txt").read_text(encoding="utf-8"))
    assert len(expected) == len(inputs) > 0
    for path, (_, text) in zip(inputs, expected, strict=True):
        source = path.read_text(encoding="utf-8")
        edition = _EDITION.match(source)
        assert extract(source, edition=edition[1] if edition else "en") == text
    close()
