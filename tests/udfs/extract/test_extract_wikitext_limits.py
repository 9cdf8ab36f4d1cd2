"""Wikitext made to break parsers: limits of time, depth and size."""

from __future__ import annotations

import time

import pytest

from udfs.extract import sandbox, wikitext
from udfs.extract.errors import ExtractionError
from udfs.extract.wikitext import extract, extract_in_process
from udfs.extract.wikitext_lines import tidy


@pytest.mark.parametrize(
    "source",
    [
        "(" * 60_000,
        "( " * 60_000,
        "(," * 60_000 + ")",
        "( )" * 40_000,
        ", ," * 40_000,
        " ;" * 60_000,
        "{{ " * 40_000,
        "[[a:" * 40_000,
        "<ref " * 40_000,
        "'" * 100_000,
        "!a" * 60_000,
        "__a" * 40_000,
        "\x012 a\n" * 30_000,
        "• ," * 40_000,
    ],
)
def test_lines_are_tidied_in_linear_time(source: str) -> None:
    before = time.process_time()
    tidy(source)
    assert time.process_time() - before < 3


def test_a_page_that_takes_too_long_does_not_affect_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    helper = sandbox.Helper("udfs.extract.wikitext:extract_in_process", cpu_seconds=1)
    monkeypatch.setattr(wikitext, "_HELPER", helper)
    assert extract("'''a'''") == "a"
    with pytest.raises(ExtractionError) as raised:
        extract('<b a="' * 20_000)
    assert raised.value.error == "extraction-timeout"
    assert extract("'''b'''") == "b"
    wikitext.close()


def test_deeply_nested_and_too_large_pages_raise() -> None:
    source = "{{{" * 500 + "}}}" * 500
    with pytest.raises(ExtractionError) as raised:
        extract_in_process("{}\n" + source)
    assert raised.value.error == "extraction-failed"
    with pytest.raises(ExtractionError) as raised:
        extract("a" * (wikitext.MAX_CHARACTERS + 1))
    assert raised.value.error == "page-too-large"
