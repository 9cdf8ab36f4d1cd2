"""The decoders of the web's encodings: what Python's codecs have otherwise, and invalid bytes."""

from __future__ import annotations

import pytest
import reference_decoders
from hypothesis import given
from hypothesis import strategies as st

from udfs.extract.encodings.decoders import decode
from udfs.extract.encodings.labels import ENCODINGS

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


@pytest.mark.parametrize(
    ("encoding", "code", "text"),
    [
        # symbols of NEC and IBM, and the widths that EUC-JP shares with Shift_JIS
        ("euc_jp", "ADA1 C6FC F9A1", "①日纊"),
        ("euc_jp", "A1C1 A1DD 8FA2B7 8EB1", "～－～ｱ"),
        ("iso2022_jp", "1B2442 2D21 467C 1B2849 31 1B284A 5C7E", "①日ｱ¥‾"),
        ("cp932", "8740 FA40 F040 80 B1", "①ⅰ\ue000\x80ｱ"),
        ("gb18030", "80 A3A0 D6D0 A6D9 A8BC FEA0", "€\u3000中\ufe10\u1e3f\u9fbb"),
        ("gb18030", "8135F437 82359037 90308130", "\ue7c7\u9fb4\U00010000"),
        ("big5hkscs", "8862 8864 88A3 88A5", "Ê̄Ê̌ê̄ê̌"),
        ("big5hkscs", "A145 A241 A242 A3E1 877A C6DE", "‧∕﹨€㡵〃"),
        ("koi8-u", "AE BE A4", "ўЎє"),
        ("mac-cyrillic", "FF A2 DF", "€Ґя"),
        ("cp874", "93 94 85 96 A1 81", "“”…–ก\x81"),
        ("x-user-defined", "41 80 FF", "A\uf780\uf7ff"),
        ("replacement", "41 42", REPLACEMENT),
        ("replacement", "", ""),
    ],
)
def test_characters_that_browsers_have(encoding: str, code: str, text: str) -> None:
    assert decode(bytes.fromhex(code), encoding) == text


@pytest.mark.parametrize(
    ("encoding", "code", "text"),
    [
        # an invalid pair goes as a whole, so that the text after it stays itself
        ("euc_jp", "A9A1 CBDC C6FC", "�本日"),
        ("cp949", "C9A1 BEC8 B3E7", "�안녕"),
        ("big5hkscs", "81A1 A4A4", "�中"),
        ("cp932", "859F 93FA", "�日"),
        ("gb18030", "81FF D6D0", "�中"),
        # unless its second byte is ASCII
        ("euc_jp", "A9 3C 62", "�<b"),
        ("cp949", "C9 3C 62", "�<b"),
        ("big5hkscs", "81 41", "�A"),
        ("cp932", "87 3C", "�<"),
        ("gb18030", "81 20 FF 80", "� �€"),
        # three bytes of JIS X 0212
        ("euc_jp", "8FA1A1 C6FC", "�日"),
        ("euc_jp", "8FA1 41", "�A"),
        ("euc_jp", "8F80 C6FC 8E41", "�日�A"),
        # four bytes: all if none of them is wrong, else the first
        ("gb18030", "FE39FE39 41", "�A"),
        ("gb18030", "8130 41", "�0A"),
        ("gb18030", "813081 41", "�0丄"),
        # bytes that begin nothing
        ("cp932", "A0 FD FE FF 41", "����A"),
        ("euc_jp", "80 A0 FF 41", "���A"),
        # the end
        ("gb18030", "813081", "�"),
        ("euc_jp", "C6FC 8FA1", "日�"),
        ("utf-8", "E282 41 E282", "�A�"),
        ("utf-16-le", "3DD8 4100 3DD8", "�A�"),
        ("utf-16-be", "D83D D83D DE00 41", "�😀�"),
        # escape sequences: unknown, after another, within a pair
        ("iso2022_jp", "1B2441 1B2442 1B2842 0E 80", "�$A���"),
        ("iso2022_jp", "1B2442 46 1B2842 41 1B", "�A�"),
        ("iso2022_jp", "1B2442 467C 0A 46 0A 467C 46", "日��日�"),
        ("iso2022_jp", "1B2849 20 31", "�ｱ"),
    ],
)
def test_invalid_bytes(encoding: str, code: str, text: str) -> None:
    assert decode(bytes.fromhex(code), encoding) == text


@pytest.mark.parametrize(
    ("encoding", "code", "text"),
    [
        ("utf-8", "41 E282", "A"),
        ("utf-16-le", "4100 3D", "A"),
        ("euc_jp", "C6FC 8FA1", "日"),
        ("cp932", "93FA 93", "日"),
        ("gb18030", "D6D0 813081", "中"),
        ("big5hkscs", "A4A4 A241 A2", "中∕"),
        # these are wrong, not cut off
        ("euc_jp", "C6FC 8F3C", "日�<"),
        ("gb18030", "D6D0 80 35", "中€5"),
        ("cp949", "BEC8 C9A1", "안�"),
    ],
)
def test_a_character_that_the_end_cuts_off_can_be_dropped(
    encoding: str, code: str, text: str
) -> None:
    assert decode(bytes.fromhex(code), encoding, final=False) == text


def index(encoding: str) -> reference_decoders.Index:
    def text_of(code: bytes) -> str | None:
        text = decode(code, encoding)
        return None if REPLACEMENT in text else text

    return text_of


A1_FE, X81_FE = set(range(0xA1, 0xFF)), set(range(0x81, 0xFF))
LEADS = {
    "euc_jp": A1_FE | {0x8E, 0x8F},
    "cp932": set(range(0x81, 0xA0)) | set(range(0xE0, 0xFD)),
    "cp949": X81_FE,
    "big5hkscs": X81_FE,
}
SINGLE = {byte: chr(0xFF61 - 0xA1 + byte) for byte in range(0xA1, 0xE0)} | {0x80: "\x80"}
# bytes that meet in differences from Python's codecs, in shifts and in invalid sequences
TELLING = st.sampled_from(
    bytes.fromhex(
        "1b2842244a49402e0e3030353981848e8f808ffffea0a1a2a2a3a4a6a8adb7bcc6c9d9e0f1f4fc417e5c0a"
    )
)
BYTES = st.one_of(st.binary(max_size=40), st.lists(TELLING, max_size=40).map(bytes))


@given(BYTES)
def test_each_decoder_takes_the_steps_of_the_standard(payload: bytes) -> None:
    for encoding, leads in LEADS.items():
        single = SINGLE if encoding == "cp932" else {}
        expected = reference_decoders.pairs(
            payload, index(encoding), leads, single, jis0212=encoding == "euc_jp"
        )
        assert decode(payload, encoding) == expected
    assert decode(payload, "gb18030") == reference_decoders.gb18030(payload, index("gb18030"))
    jis0208 = reference_decoders.iso_2022_jp(payload, index("euc_jp"))
    assert decode(payload, "iso2022_jp") == jis0208


@given(BYTES, st.sampled_from(sorted(ENCODINGS)), st.booleans())
def test_any_bytes_become_text_in_any_encoding(payload: bytes, encoding: str, final: bool) -> None:
    text = decode(payload, encoding, final=final)
    text.encode("utf-8")
    assert len(text) <= max(len(payload), 1) * 2
