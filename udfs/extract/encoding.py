"""Choose the encoding of a page and decode it, as browsers do where its labels are right.

Labels are wrong often enough that they are checked against the bytes.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import NamedTuple

from udfs.extract.encodings import decoders
from udfs.extract.encodings.labels import encoding_of
from udfs.extract.encodings.prescan import declared_encoding

_HEADER_CHARSET = re.compile(r"""charset\s*=\s*["']?\s*([^"'\s;,]+)""", re.IGNORECASE)
# sequences with which bytes below 128 may not be ASCII: shifts of ISO 2022 and HZ, zeros of UTF-16
_SHIFTS = (b"\0", b"\x0e", b"\x1b", b"~{")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# A label is rejected if it has fewer characters beyond ASCII than this for each invalid sequence.
_VALID_PER_INVALID = 20
# UTF-8 with damage has more valid sequences than invalid ones. Other encodings have few that are valid
# in UTF-8: one for three invalid ones in GBK and in Thai, hardly any elsewhere.
_VALID_UTF8_PER_INVALID = 2
# A beginning of so many bytes, with so many invalid sequences, more than valid ones, is not text.
_SAMPLE = 1 << 16
_HOPELESS = 1000
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_REPLACEMENT_IN_UTF8 = _REPLACEMENT.encode()
# halves of a surrogate pair, or both, that a program wrote as characters: one mistake, up to six bad bytes
_SURROGATES = re.compile(
    rb"\xed[\xa0-\xaf][\x80-\xbf](?:\xed[\xb0-\xbf][\x80-\xbf])?|\xed[\xb0-\xbf][\x80-\xbf]"
)
# bytes that windows-1252 has no character for; browsers show nothing for the control characters
_UNDEFINED_IN_1252 = "\x81\x8d\x8f\x90\x9d"
_TAG = re.compile(rb"<[A-Za-z!/]")


class Decoded(NamedTuple):
    """A page that is decoded.

    Attributes
    ----------
    text
        The page's text. It has no NUL and can be encoded as UTF-8.
    encoding
        The name of its encoding, by Python's codec that is nearest to it.
    source
        The text in UTF-8, if the page's bytes are that; else None.
    """

    text: str
    encoding: str
    source: bytes | None = None


def decode(payload: bytes, content_type: str | None = None) -> tuple[str, str]:
    """Return a page's text and the name of its encoding, as `read` finds them."""
    return read(payload, content_type)[:2]


def read(payload: bytes, content_type: str | None = None) -> Decoded:
    """Return a page as text.

    The encoding is the first of these that fits the bytes: the byte order mark's; UTF-8, because text
    in another encoding is hardly ever valid UTF-8 (except for ASCII bytes with shift sequences), not
    even nearly; the charset of the HTTP header `content_type`; the one that the page declares; the one
    detected from the bytes; windows-1252. Labels have browsers' meaning (`latin-1` is windows-1252),
    and the text is what browsers make of the bytes (WHATWG Encoding). Invalid sequences become U+FFFD;
    a character that the end cuts off is dropped.

    Never raises.
    """
    for mark, encoding in _BOMS:
        if payload.startswith(mark):
            text = _clean(decoders.decode(payload[len(mark) :], encoding, final=False))
            return Decoded(text, encoding)
    utf8 = _as_utf8(payload)
    if utf8 is not None and not (utf8.isascii() and any(shift in payload for shift in _SHIFTS)):
        # a search for NUL is slow in text, where the codes of most characters have a byte that is zero
        if b"\0" in payload:
            return Decoded(_clean(utf8), "utf-8")
        return Decoded(utf8, "utf-8", payload)
    reading = _best_reading(payload, _labels(payload, content_type))
    return Decoded(_clean(reading.text), reading.encoding)


@dataclass(frozen=True)
class _Reading:
    """A page in an encoding that it may have; `valid` and `invalid` count characters beyond ASCII."""

    encoding: str
    text: str
    valid: int
    invalid: int

    def fits(self, valid_per_invalid: int) -> bool:
        return self.invalid * valid_per_invalid <= self.valid

    def fits_label(self) -> bool:
        """Return whether the bytes do not disprove the label; a single invalid sequence does not.

        It does disprove windows-1252, which has a character for nearly every byte, and which is the
        label that servers give to all pages.
        """
        if self.encoding == "utf-8":
            return self.invalid <= 1
        single = self.invalid == 1 and self.encoding != "cp1252"
        return self.fits(2 if single else _VALID_PER_INVALID)


def _best_reading(payload: bytes, labels: list[str]) -> _Reading:
    utf8 = _read(payload, "utf-8")
    if utf8.valid and utf8.fits(1 if "utf-8" in labels else _VALID_UTF8_PER_INVALID):
        return utf8
    readings = []
    for encoding in labels:
        if _is_possible(payload, encoding):
            readings.append(utf8 if encoding == "utf-8" else _read(payload, encoding))
            if readings[-1].fits_label():
                return readings[-1]
    detected = _detected(payload)
    for reading in readings:
        if reading.encoding == detected and reading.fits(1):  # its label and its bytes say the same
            return reading
    if detected and _is_possible(payload, detected):
        reading = _read(payload, detected)
        if reading.fits(_VALID_PER_INVALID):
            return reading
    return utf8 if not utf8.invalid else _read(payload, "cp1252")


def _as_utf8(payload: bytes) -> str | None:
    try:
        return payload.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _labels(payload: bytes, content_type: str | None) -> list[str]:
    charset = _HEADER_CHARSET.search(content_type or "")
    labels = (encoding_of(charset[1]) if charset else None, declared_encoding(payload))
    return [label for label in dict.fromkeys(labels) if label]


def _detected(payload: bytes) -> str | None:
    """Return the encoding that statistics of the bytes suggest; None for one that browsers do not have."""
    from resiliparse.parse.encoding import detect_encoding

    name = detect_encoding(payload, html5_compatible=False)
    return (encoding_of(name) or encoding_of(name.replace("_", "-"))) if name else None


def _is_possible(payload: bytes, encoding: str) -> bool:
    """Return whether it is worth while to read the bytes in this encoding."""
    if encoding == "replacement":  # its encodings have seven bits
        return payload.isascii()
    if encoding.startswith("utf-16"):
        zeros = payload[0::2].count(0), payload[1::2].count(0)  # above ASCII characters
        if any(zeros):
            return zeros[encoding == "utf-16-le"] == max(zeros)
        return not _TAG.search(payload)
    if len(payload) <= _SAMPLE:
        return True
    sample = _read(payload[:_SAMPLE], encoding)  # a file that is no text is not decoded to its end
    return sample.invalid < _HOPELESS or sample.fits(1)


def _read(payload: bytes, encoding: str) -> _Reading:
    text = decoders.decode(payload, encoding, final=False)
    invalid = replaced = text.count(_REPLACEMENT)
    if encoding == "utf-8":
        invalid -= payload.count(_REPLACEMENT_IN_UTF8)
        if b"\xed" in payload:
            invalid -= sum(len(bad) - 1 for bad in _SURROGATES.findall(payload))
    elif encoding == "cp1252":
        invalid += sum(text.count(character) for character in _UNDEFINED_IN_1252)
    elif encoding == "replacement":
        invalid = 0
    valid = len(text) - len(text.encode("ascii", "ignore")) - max(invalid, replaced)
    return _Reading(encoding, text, valid, invalid)


def _clean(text: str) -> str:
    return text.replace("\0", "") if "\0" in text else text
