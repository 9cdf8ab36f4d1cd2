"""Decoding of pages: marks, labels, detection, and labels that do not fit."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from udfs.extract.encoding import decode
from udfs.extract.encodings import decoders
from udfs.extract.encodings.labels import ENCODINGS

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
GERMAN = "Zwölf Boxkämpfer jagen Viktor quer über den großen Sylter Deich. " * 20
JAPANESE = "吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつかぬ。" * 20
RUSSIAN = "Все счастливые семьи похожи друг на друга, каждая несчастливая несчастлива. " * 20
CHINESE = "话说天下大势，分久必合，合久必分。" * 20
KOREAN = "모든 국민은 법 앞에 평등하다. 누구든지 차별을 받지 아니한다. " * 20
THAI = "ประเทศไทยเป็นประเทศที่ตั้งอยู่ในเอเชียตะวันออกเฉียงใต้ " * 20


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


def test_latin_1_is_decoded_as_windows_1252() -> None:
    assert decode(b"\x93quoted\x94 \x85", "text/html; charset=ISO-8859-1")[0] == "“quoted” …"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (GERMAN, "cp1252"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8-r"),
        (CHINESE, "gb18030"),
        (JAPANESE, "cp932"),
        (JAPANESE, "euc_jp"),
        (KOREAN, "cp949"),
        (THAI, "cp874"),
    ],
)
@pytest.mark.parametrize("label", ["utf-8", "utf-16", "x-unheard-of"])
def test_a_page_that_is_not_utf_8_at_all_has_its_own_encoding(
    text: str, encoding: str, label: str
) -> None:
    page = meta(label) + "<p>" + text
    assert decode(page.encode(encoding), f"text/html; charset={label}") == (page, encoding)


WIDE = {"cp932": JAPANESE, "euc_jp": JAPANESE, "iso2022_jp": JAPANESE, "cp949": KOREAN}
WIDE |= {"gb18030": CHINESE, "big5hkscs": "天下" * 20, "utf-16-le": GERMAN, "utf-16-be": GERMAN}


@pytest.mark.parametrize("encoding", sorted(set(ENCODINGS) - {"replacement"}))
def test_each_label_of_each_encoding(encoding: str) -> None:
    if encoding in WIDE:
        text = WIDE[encoding]
        payload = text.encode(encoding)
    else:
        letters = [bytes((byte,)) for byte in range(0xC0, 0x100)]
        known = [byte for byte in letters if REPLACEMENT not in decoders.decode(byte, encoding)]
        payload = b" ".join(known) or "ü".encode()
        text = decoders.decode(payload, encoding)
    for label in ENCODINGS[encoding].split():
        assert decode(payload, f'text/html; charset="{label.upper()}"') == (text, encoding)


def test_utf_16_is_not_believed_of_bytes_of_ascii() -> None:
    page = meta("utf-16") + GERMAN
    for label in ("utf-16", "utf-16be"):
        assert decode(page.encode("cp1252"), f"text/html; charset={label}") == (page, "cp1252")
    assert decode(GERMAN.encode("utf-16-be"), "text/html; charset=utf-16")[1] != "utf-16-le"


def test_encodings_that_browsers_no_longer_decode() -> None:
    hz = b"<p>~{VPND~}</p>"
    assert decode(hz, "text/html; charset=hz-gb-2312") == (REPLACEMENT, "replacement")
    assert decode(hz, "text/html") == (hz.decode(), "utf-8")
    # their bytes have seven bits
    assert decode(KOREAN.encode("cp949"), "text/html; charset=iso-2022-kr") == (KOREAN, "cp949")


def test_a_label_in_a_comment_or_among_keywords_is_none() -> None:
    for decoy in (
        "<!-- <meta charset=iso-8859-1> -->",
        '<meta name="keywords" content="html, charset=windows-1252, text">',
        "<!-- >< --><script>x = '<meta charset=bogus>'</script>",
    ):
        page = "<html>" + decoy + meta("koi8-r") + RUSSIAN
        assert decode(page.encode("koi8-r"), "text/html") == (page, "koi8-r")


@pytest.mark.parametrize(
    ("case", "content_type", "encoding", "texts"),
    [
        ("euc-jp-circled-digits/input", "", "euc_jp", ["①本日の会議は午後二時から第一会議室で"]),
        ("gbk-a3a0-and-80/a3a0", "", "gb18030", ["<p>\u3000\u3000这是"]),
        ("gbk-a3a0-and-80/80", "", "gb18030", ["价格€五十元"]),
        ("meta-charset-commented-out/koi8r", "", "koi8-r", ["Вчера вечером"]),
        ("meta-charset-commented-out/keywords", "", "cp1251", ["Вчера вечером"]),
        ("utf8-few-accents-one-bad-byte/de", "utf-8", "utf-8", ["München", f"{REPLACEMENT} 2019"]),
        ("utf8-few-accents-one-bad-byte/en", "utf-8", "utf-8", ["It’s a fine day", REPLACEMENT]),
        ("windows-874-quotes/input", "", "cp874", ["“ประเทศไทย", "” … –"]),
    ],
)
def test_pages_of_the_web(
    web_cases: Path, case: str, content_type: str, encoding: str, texts: list[str]
) -> None:
    charset = f"; charset={content_type}" if content_type else ""
    decoded, used = decode((web_cases / f"{case}.html").read_bytes(), "text/html" + charset)
    assert used == encoding
    for text in texts:
        assert text in decoded


@given(
    st.one_of(
        st.binary(max_size=300), st.text(max_size=60).map(lambda text: text.encode() + b"\xff")
    ),
    st.one_of(
        st.none(), st.text(max_size=20), st.sampled_from(" ".join(ENCODINGS.values()).split())
    ),
)
def test_any_bytes_become_text(payload: bytes, charset: str | None) -> None:
    decoded, used = decode(payload, f"text/html; charset={charset}")
    decoded.encode("utf-8")
    assert "\0" not in decoded
    assert used in ENCODINGS
