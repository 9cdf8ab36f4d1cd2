"""Decoders of encodings with a byte a character (WHATWG Encoding, 9 "Legacy single-byte encodings")."""

from __future__ import annotations

import codecs
from functools import cache

from udfs.extract.encodings.differences import decoded

# a point of Hebrew; Belarusian letters, where Python's koi8-u (RFC 2319) has box drawings
_OTHER = {"cp1255": {0xCA: "\u05ba"}, "koi8-u": {0xAE: "ў", 0xBE: "Ў"}}
_PRIVATE = 0xF780  # where the characters of x-user-defined begin in the private use area


def decode(payload: bytes, encoding: str) -> str:
    """Return the text of bytes in an encoding; undefined bytes become U+FFFD.

    Bytes from 0x80 to 0x9F that Python's codec has no character for are control characters.
    """
    return codecs.charmap_decode(payload, "strict", _characters(encoding))[0]


@cache
def _characters(encoding: str) -> str:
    if encoding == "x-user-defined":
        return "".join(chr(byte if byte < 0x80 else _PRIVATE - 0x80 + byte) for byte in range(256))
    other = _OTHER.get(encoding, {})
    return "".join(
        other.get(byte)
        or decoded(bytes((byte,)), encoding)
        or (chr(byte) if byte < 0xA0 else "\N{REPLACEMENT CHARACTER}")
        for byte in range(256)
    )
