"""Decode web pages, by WHATWG's rules for labels (https://encoding.spec.whatwg.org).

Labels are wrong often enough that they are checked against the bytes.
"""

from __future__ import annotations

import codecs
import re

# The label of a meta element or of an XML declaration. Browsers search the first 1,024 bytes (WHATWG
# HTML, 13.2.3.2) but still apply a label that the parser finds later; many pages have it later.
_META = re.compile(
    rb"""<(?:meta\s[^>]*?charset|\?xml\s[^>]*?encoding)\s*=\s*["']?\s*([A-Za-z0-9_:.\-]{2,40})""",
    re.IGNORECASE,
)
_META_BYTES = 4096
_HEADER_CHARSET = re.compile(r"""charset\s*=\s*["']?\s*([A-Za-z0-9_:.\-]{2,40})""", re.IGNORECASE)
# sequences with which bytes below 128 may not be ASCII: shifts of ISO 2022 and HZ, zeros of UTF-16
_SHIFTS = (b"\0", b"\x0e", b"\x1b", b"~{")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# a label is rejected if it has fewer characters beyond ASCII than this for each undecodable one
_MIN_VALID_PER_INVALID = 20
# WHATWG's encodings, by resiliparse's names, that are supersets of Python's codecs of that name
_SUPERSETS = {"gbk": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949", "big5": "big5hkscs"}
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_LONGEST_CHARACTER = 4  # bytes


def decode(payload: bytes, content_type: str | None = None) -> tuple[str, str]:
    """Return a page's text and the name of its encoding.

    The encoding is the first of these that fits the bytes: the byte order mark's; UTF-8, because text
    in another encoding is hardly ever valid UTF-8 (except for ASCII bytes with shift sequences); the
    charset of the HTTP header `content_type`; that of the page's meta element; the one detected from
    the bytes; windows-1252. Labels have browsers' meaning (WHATWG Encoding, 4.2: `latin-1` is
    windows-1252). Undecodable bytes become U+FFFD.

    Never raises. The text has no NUL and can be encoded as UTF-8.
    """
    for mark, encoding in _BOMS:
        if payload.startswith(mark):
            return _clean(payload[len(mark) :].decode(encoding, "replace")), encoding
    text = _as_utf8(payload)
    if text is not None and not (text.isascii() and any(shift in payload for shift in _SHIFTS)):
        return _clean(text), "utf-8"
    for label in _labels(payload, content_type):
        name = _python_name(label)
        text = _decode_if_valid(payload, name) if name else None
        if name and text is not None:
            return _clean(text), name
    # nearly every byte is a character of windows-1252; the other five become U+FFFD
    return _clean(payload.decode("cp1252", "replace")), "cp1252"


def _as_utf8(payload: bytes) -> str | None:
    try:
        return payload.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _labels(payload: bytes, content_type: str | None) -> list[str]:
    from resiliparse.parse.encoding import detect_encoding

    labels = _HEADER_CHARSET.findall(content_type or "")[:1]
    # a page whose label is readable as ASCII is not in UTF-16, even if the label says so (WHATWG)
    meta = [label.decode("ascii") for label in _META.findall(payload[:_META_BYTES])[:1]]
    labels += ["utf-8" if label.lower().startswith("utf-16") else label for label in meta]
    labels.append(detect_encoding(payload))
    return labels


def _python_name(label: str) -> str | None:
    """Return Python's codec for a label in browsers' meaning; None for an unknown label."""
    from resiliparse.parse.encoding import map_encoding_to_html5

    name: str | None = map_encoding_to_html5(label, fallback_utf8=False)
    try:
        return codecs.lookup(_SUPERSETS.get(name, name)).name if name else None
    except LookupError:
        return None


def _decode_if_valid(payload: bytes, encoding: str) -> str | None:
    """Return the text if the bytes are in this encoding, apart from some damage; else None."""
    try:
        return payload.decode(encoding)
    except UnicodeDecodeError as error:
        if error.start > len(payload) - _LONGEST_CHARACTER:  # truncated within the last character
            return payload[: error.start].decode(encoding, "replace")
    text = payload.decode(encoding, "replace")
    invalid = text.count(_REPLACEMENT)
    valid = len(text) - len(text.encode("ascii", "ignore")) - invalid
    return text if invalid * _MIN_VALID_PER_INVALID <= valid else None


def _clean(text: str) -> str:
    return text.replace("\0", "") if "\0" in text else text
