"""From the bytes of a web page to text."""

from __future__ import annotations

import codecs
import re

# The label of a meta element or of an XML declaration. Browsers look at 1,024 bytes (WHATWG HTML,
# 13.2.3.2); many pages have it a little later, and are read with it all the same once it is met.
_META = re.compile(
    rb"""<(?:meta\s[^>]*?charset|\?xml\s[^>]*?encoding)\s*=\s*["']?\s*([A-Za-z0-9_:.\-]{2,40})""",
    re.IGNORECASE,
)
_META_BYTES = 4096
_HEADER_CHARSET = re.compile(r"""charset\s*=\s*["']?\s*([A-Za-z0-9_:.\-]{2,40})""", re.IGNORECASE)
# what makes bytes below 128 something else than ASCII: shifts (ISO 2022, HZ) and UTF-16's zeros
_SHIFTS = (b"\0", b"\x0e", b"\x1b", b"~{")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# a label is a lie where more than one character in so many of those beyond ASCII does not decode
_GOOD_FOR_ONE_BAD = 20
# browsers read these labels as the larger sets that contain them; resiliparse gives the names
_LARGER = {"gbk": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949", "big5": "big5hkscs"}
_BAD = "\N{REPLACEMENT CHARACTER}"
_LONGEST_CHARACTER = 4


def decode(payload: bytes, content_type: str | None = None) -> tuple[str, str]:
    """Return a page's text and the encoding that it was decoded from.

    Trusted are, in this order: a byte order mark, the charset of the HTTP header `content_type`,
    that of the page's meta element, and what the bytes look like. Labels mean what browsers take
    them for (WHATWG Encoding, 4.2: `latin-1` is windows-1252). A label that is unknown or does not
    fit the bytes falls to the next; so does any other label for bytes beyond ASCII that are UTF-8
    throughout, which nothing else is by chance. What does not decode becomes U+FFFD.

    Never raises. The text has no NUL and can be encoded as UTF-8.
    """
    for mark, encoding in _BOMS:
        if payload.startswith(mark):
            return _clean(payload[len(mark) :].decode(encoding, "replace")), encoding
    text = _as_utf8(payload)
    if text is not None and not (text.isascii() and any(each in payload for each in _SHIFTS)):
        return _clean(text), "utf-8"
    for label in _labels(payload, content_type):
        name = _python_name(label)
        text = _decoded(payload, name) if name else None
        if name and text is not None:
            return _clean(text), name
    # every byte has a meaning in it; the few without one are replaced
    return _clean(payload.decode("cp1252", "replace")), "cp1252"


def _as_utf8(payload: bytes) -> str | None:
    try:
        return payload.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _labels(payload: bytes, content_type: str | None) -> list[str]:
    from resiliparse.parse.encoding import detect_encoding

    labels = _HEADER_CHARSET.findall(content_type or "")[:1]
    # a label that could be read as ASCII is not in UTF-16, whatever it says (WHATWG)
    meta = [label.decode("ascii") for label in _META.findall(payload[:_META_BYTES])[:1]]
    labels += ["utf-8" if label.lower().startswith("utf-16") else label for label in meta]
    labels.append(detect_encoding(payload))
    return labels


def _python_name(label: str) -> str | None:
    """Return the codec for a label as browsers take it; None where the label is unknown."""
    from resiliparse.parse.encoding import map_encoding_to_html5

    name: str | None = map_encoding_to_html5(label, fallback_utf8=False)
    try:
        return codecs.lookup(_LARGER.get(name, name)).name if name else None
    except LookupError:
        return None


def _decoded(payload: bytes, encoding: str) -> str | None:
    """Return the text if the bytes are of this encoding, apart from some damage; else None."""
    try:
        return payload.decode(encoding)
    except UnicodeDecodeError as error:
        if error.start > len(payload) - _LONGEST_CHARACTER:  # cut within the last character
            return payload[: error.start].decode(encoding, "replace")
    text = payload.decode(encoding, "replace")
    bad = text.count(_BAD)
    good = len(text) - len(text.encode("ascii", "ignore")) - bad
    return text if bad * _GOOD_FOR_ONE_BAD <= good else None


def _clean(text: str) -> str:
    return text.replace("\0", "") if "\0" in text else text
