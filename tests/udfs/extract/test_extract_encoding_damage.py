"""Pages with damage: single bytes of another encoding, characters cut off, under right and wrong labels."""

from __future__ import annotations

import time

import pytest

from udfs.extract.encoding import decode

GERMAN = "Zwölf Boxkämpfer jagen Viktor quer über den großen Sylter Deich. " * 20
JAPANESE = "吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつかぬ。" * 20
RUSSIAN = "Все счастливые семьи похожи друг на друга, каждая несчастливая несчастлива. " * 20
CHINESE = "话说天下大势，分久必合，合久必分。" * 20
THAI = "ประเทศไทยเป็นประเทศที่ตั้งอยู่ในเอเชียตะวันออกเฉียงใต้ " * 20
META = '<meta http-equiv="Content-Type" content="text/html; charset=utf-8">'
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def test_damage_does_not_change_the_encoding() -> None:
    payload = GERMAN.encode()
    broken = payload[:500] + b"\xff" + payload[500:]
    decoded, used = decode(broken, "text/html; charset=utf-8")
    assert used == "utf-8"
    assert decoded.replace("\N{REPLACEMENT CHARACTER}", "") == GERMAN
    truncated = ("x" * 100 + "ß").encode()[:-1]
    assert decode(truncated, "text/html; charset=utf-8") == ("x" * 100, "utf-8")
    assert decode(truncated, None)[0].startswith("x" * 100)


FEW = "<p>The café was closed. It’s a fine day, said the mayor of Malmö.</p>"


@pytest.mark.parametrize(
    "damage",
    [
        *(b"\xa9 2019", b"it\x92s", b"\xe2\x80", b"\xc3", b"\xff", b"\xed\xa0"),
        *(b"\xed\xa0\xbd", b"\xed\xb8\x80", b"\xed\xa0\xbd\xed\xb8\x80"),
    ],
)
@pytest.mark.parametrize("content_type", ["text/html; charset=utf-8", "text/html"])
def test_a_bad_byte_in_a_page_labelled_utf_8_is_replaced(damage: bytes, content_type: str) -> None:
    page = META.encode() + FEW.encode() + damage + b"<p>The end</p>"
    decoded, used = decode(page, content_type)
    assert used == "utf-8"
    assert decoded == page.decode("utf-8", "replace")
    assert FEW in decoded


def test_a_single_bad_byte_says_nothing_of_another_encoding() -> None:
    for label in ("utf-8", "UTF8"):
        assert decode(b"a\x92b", f"text/html; charset={label}") == (f"a{REPLACEMENT}b", "utf-8")
    for label, text, bad in (("euc-jp", "本日", b"\xa9\xa1"), ("big5", "中文", b"\x81\xa1")):
        payload = b"<p>" + bad + text.encode(label) + b"</p>"
        decoded, _ = decode(payload, f"text/html; charset={label}")
        assert decoded == f"<p>{REPLACEMENT}{text}</p>"


@pytest.mark.parametrize(
    "label", ["iso-8859-1", "windows-1251", "gb2312", "shift_jis", "koi8-r", None]
)
@pytest.mark.parametrize("text", [FEW, GERMAN, JAPANESE, RUSSIAN, THAI])
def test_utf_8_with_a_bad_byte_is_recognised_under_another_label(
    text: str, label: str | None
) -> None:
    payload = text.encode() + b"\xa9 2019 " + text.encode()
    decoded, used = decode(payload, f"text/html; charset={label}" if label else None)
    assert (decoded, used) == (f"{text}{REPLACEMENT} 2019 {text}", "utf-8")


def test_replacement_characters_of_the_page_itself_are_no_damage() -> None:
    page = f"{REPLACEMENT * 5}é".encode()
    assert decode(page + b"\xff", "text/html; charset=utf-8") == (
        f"{REPLACEMENT * 5}é{REPLACEMENT}",
        "utf-8",
    )
    assert decode(page + b"\xff\xff" + GERMAN.encode(), None)[1] == "utf-8"


@pytest.mark.parametrize("encoding", ["utf-8", "euc_jp", "cp932", "gb18030"])
def test_a_character_cut_off_at_the_end_is_dropped(encoding: str) -> None:
    text = {"gb18030": CHINESE}.get(encoding, JAPANESE)
    label = {"cp932": "shift_jis", "gb18030": "gbk"}.get(encoding, encoding)
    page = text.encode(encoding)[:-1]
    assert decode(page, f"text/html; charset={label}") == (text[:-1], encoding)
    assert decode(page, "text/html") == (text[:-1], encoding)


def test_one_undefined_byte_disproves_windows_1252() -> None:
    page = "<p>日本語の文字です</p>"
    payload = page.encode("cp932")
    assert sum(payload.count(byte) for byte in b"\x81\x8d\x8f\x90\x9d") == 0
    payload, page = payload.replace(b"<p>", b"<p>\x81\x40"), page.replace("<p>", "<p>\u3000")
    assert decode(payload, "text/html; charset=iso-8859-1") == (page, "cp932")


def test_a_file_that_is_no_text_is_not_decoded_to_its_end() -> None:
    payload = b"<meta charset=euc-kr>" + b"\xa1\x80" * (1 << 20)
    begin = time.process_time()
    decoded, used = decode(payload, "text/html; charset=big5")
    assert (len(decoded), used) == (len(payload), "cp1252")
    assert time.process_time() - begin < 2  # the decoders of its labels need five
