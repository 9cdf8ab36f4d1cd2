"""Decoder of ISO-2022-JP (WHATWG Encoding, 12.2), in which escape sequences switch character sets."""

from __future__ import annotations

import codecs
import re

from udfs.extract.encodings import multibyte

_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_ESCAPE = re.compile(rb"\x1b(\([BJI]|\$[@B])")
_SHIFTS = (0x0E, 0x0F, 0x1B)
_ASCII = "".join(
    _REPLACEMENT if byte in _SHIFTS or byte > 0x7F else chr(byte) for byte in range(256)
)
_ROMAN = _ASCII.replace("\\", "\N{YEN SIGN}").replace("~", "\N{OVERLINE}")
_KATAKANA = "".join(
    chr(0xFF61 - 0x21 + byte) if 0x21 <= byte <= 0x5F else _REPLACEMENT for byte in range(256)
)
_SINGLE = {b"(B": _ASCII, b"(J": _ROMAN, b"(I": _KATAKANA}
# JIS X 0208 as EUC-JP has it. There, 0xFF is invalid alone and with the byte before it, as bytes beyond
# JIS X 0208 are here; an escape character is invalid and ends the pair that it cuts off.
_TO_EUC = bytes(
    byte | 0x80 if 0x21 <= byte <= 0x7E else byte if byte == 0x1B else 0xFF for byte in range(256)
)


def decode(payload: bytes) -> str:
    """Return the text; invalid bytes become U+FFFD, and so does an escape sequence after another."""
    first, *rest = _ESCAPE.split(payload)  # then sequences and segments by turns
    parts = [_segment(b"(B", first)]
    for index in range(0, len(rest), 2):
        if index and not rest[index - 1]:
            parts.append(_REPLACEMENT)
        parts.append(_segment(rest[index], rest[index + 1]))
    return "".join(parts)


def _segment(state: bytes, segment: bytes) -> str:
    characters = _SINGLE.get(state)
    if characters is not None:
        return codecs.charmap_decode(segment, "strict", characters)[0]
    text = multibyte.decode(segment.translate(_TO_EUC), "euc_jp")
    return text.replace("\x1b", _REPLACEMENT)
