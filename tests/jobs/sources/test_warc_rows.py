"""Columns made from a record's header."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.sources.warc_rows import record_id, target_url, utc_date


@pytest.mark.parametrize(
    ("value", "date"),
    [
        ("2023-01-31T12:00:00Z", "2023-01-31T12:00:00Z"),
        ("2016-01-11T23:24:25.412030Z", "2016-01-11T23:24:25Z"),
        ("2023-01-31T01:30:00+02:00", "2023-01-30T23:30:00Z"),
        ("2023-01-31T23:30:00-0200", "2023-02-01T01:30:00Z"),
        ("2023-01-31T12:00:00", "2023-01-31T12:00:00Z"),
        ("2023-01", "2023-01-01T00:00:00Z"),
        ("20080430204825", "2008-04-30T20:48:25Z"),
        ("200804302048", "2008-04-30T20:48:00Z"),
        ("2023-02-30T12:00:00Z", None),
        ("0000-01-01T00:00:00Z", None),
        ("null", None),
        ("", None),
        (None, None),
    ],
)
def test_dates(value: str | None, date: str | None) -> None:
    assert utc_date(value) == date


@given(st.text(max_size=30))
def test_no_date_fails(value: str) -> None:
    date = utc_date(value)
    assert date is None or utc_date(date) == date


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("<urn:uuid:f3dfa8fa-f031-4a38-90cc-1dcee3d07bb5>", "f3dfa8fa-f031-4a38-90cc-1dcee3d07bb5"),
        ("urn:uuid:f3dfa8fa", "f3dfa8fa"),
        ("<http://example.com/id>", "http://example.com/id"),
        ("<>", None),
        (None, None),
    ],
)
def test_record_ids(value: str | None, name: str | None) -> None:
    assert record_id(value) == name


@pytest.mark.parametrize(
    ("value", "url"),
    [
        ("http://example.com/?a=<b>", "http://example.com/?a=<b>"),
        ("<http://example.com/>", "http://example.com/"),
        ("http://example.com/a b", "http://example.com/a%20b"),
        ("http://example.com/a\tb\0", "http://example.com/ab"),
        ("<>", None),
        (None, None),
    ],
)
def test_urls(value: str | None, url: str | None) -> None:
    assert target_url(value) == url
