"""Decoding of pages: marks, labels, detection, and labels that do not fit."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from udfs.extract.encoding import decode

GERMAN = "Zwölf Boxkämpfer jagen Viktor quer über den großen Sylter Deich. " * 20
JAPANESE = "吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつかぬ。" * 20
RUSSIAN = "Все счастливые семьи похожи друг на друга, каждая несчастливая несчастлива. " * 20
CHINESE = "话说天下大势，分久必合，合久必分。" * 20


def meta(charset: str) -> str:
    return f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={charset}">'


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (GERMAN, "utf-8"),
        (GERMAN, "cp1252"),
        (GERMAN, "utf-16-le"),
        (JAPANESE, "cp932"),
        (JAPANESE, "euc_jp"),
        (JAPANESE, "iso2022_jp"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8-r"),
        (CHINESE, "gb18030"),
        (CHINESE, "big5hkscs"),
    ],
)
def test_a_label_that_fits_is_used(text: str, encoding: str) -> None:
    label = {"cp932": "Shift_JIS", "iso2022_jp": "iso-2022-jp", "euc_jp": "EUC-JP"}.get(
        encoding, encoding
    )
    label = {"gb18030": "gb2312", "big5hkscs": "Big5"}.get(label, label)
    if encoding == "big5hkscs":
        text = text.replace("话说", "").replace("势", "").replace("长", "")
    decoded, used = decode(text.encode(encoding), f'text/html; charset="{label}"')
    assert (decoded, codecs.lookup(used).name) == (text, codecs.lookup(encoding).name)
    if encoding not in ("utf-16-le",):
        page = meta(label) + text
        assert decode(page.encode(encoding), "text/html")[0] == page


def test_the_http_header_precedes_the_meta_element() -> None:
    page = meta("windows-1251") + GERMAN
    assert decode(page.encode("cp1252"), "text/html; charset=iso-8859-1") == (page, "cp1252")


@pytest.mark.parametrize("label", ["utf-8", "none", "x-unheard-of", "ascii-ish", "'", "euc-kr"])
def test_a_label_that_is_unknown_or_does_not_fit_is_ignored(label: str) -> None:
    page = meta("windows-1251") + RUSSIAN
    decoded, used = decode(page.encode("cp1251"), f"text/html; charset={label}")
    assert (decoded, used) == (page, "cp1251")


@pytest.mark.parametrize("label", ["iso-8859-1", "windows-1252", "gb2312", "utf-16"])
def test_valid_utf8_precedes_another_label(label: str) -> None:
    for text in (GERMAN, JAPANESE):
        assert decode((meta(label) + text).encode(), f"text/html; charset={label}") == (
            meta(label) + text,
            "utf-8",
        )


@pytest.mark.parametrize(("text", "encoding"), [(RUSSIAN, "cp1251"), (JAPANESE, "cp932")])
def test_without_a_label_the_encoding_is_detected(text: str, encoding: str) -> None:
    decoded, used = decode(text.encode(encoding), "text/html")
    assert (decoded, used) == (text, encoding)


def test_a_byte_order_mark_precedes_everything() -> None:
    for encoding, mark in (
        ("utf-8", codecs.BOM_UTF8),
        ("utf-16-le", codecs.BOM_UTF16_LE),
        ("utf-16-be", codecs.BOM_UTF16_BE),
    ):
        payload = mark + GERMAN.encode(encoding)
        assert decode(payload, "text/html; charset=koi8-r") == (GERMAN, encoding)


def test_damage_does_not_change_the_encoding() -> None:
    payload = GERMAN.encode()
    broken = payload[:500] + b"\xff" + payload[500:]
    decoded, used = decode(broken, "text/html; charset=utf-8")
    assert used == "utf-8"
    assert decoded.replace("\N{REPLACEMENT CHARACTER}", "") == GERMAN
    truncated = ("x" * 100 + "ß").encode()[:-1]
    assert decode(truncated, "text/html; charset=utf-8") == ("x" * 100, "utf-8")
    assert decode(truncated, None)[0].startswith("x" * 100)


def test_latin_1_is_decoded_as_windows_1252() -> None:
    assert decode(b"\x93quoted\x94 \x85", "text/html; charset=ISO-8859-1")[0] == "“quoted” …"


@given(
    st.binary(max_size=300),
    st.one_of(st.none(), st.text(max_size=20), st.sampled_from(["utf-16", "gbk", "iso-2022-jp"])),
)
def test_any_bytes_become_text(payload: bytes, charset: str | None) -> None:
    decoded, _ = decode(payload, f"text/html; charset={charset}")
    decoded.encode("utf-8")
    assert "\0" not in decoded
