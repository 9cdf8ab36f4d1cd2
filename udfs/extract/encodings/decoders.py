"""Decode bytes as browsers do (WHATWG Encoding, https://encoding.spec.whatwg.org)."""

from __future__ import annotations

import codecs

from udfs.extract.encodings import iso_2022_jp, multibyte, single_byte

_UNICODE = {
    "utf-8": codecs.utf_8_decode,
    "utf-16-le": codecs.utf_16_le_decode,
    "utf-16-be": codecs.utf_16_be_decode,
}


def decode(payload: bytes, encoding: str, *, final: bool = True) -> str:
    """Return the text of bytes in an encoding that `labels.encoding_of` names.

    Invalid sequences become U+FFFD. So does a character that the end cuts off; without `final`, it is
    dropped. A byte order mark is a character like others.
    """
    if encoding in _UNICODE:
        return _UNICODE[encoding](payload, "replace", final)[0]
    if encoding in multibyte.ENCODINGS:
        return multibyte.decode(payload, encoding, final=final)
    if encoding == "iso2022_jp":
        return iso_2022_jp.decode(payload)
    if encoding == "replacement":  # ISO-2022-KR, HZ and others that browsers no longer decode
        return "\N{REPLACEMENT CHARACTER}" if payload else ""
    return single_byte.decode(payload, encoding)
