"""CCNet's normalisers (`cc_net.text_normalizer`), exact to the character.

Two forms matter: `normalize` feeds the language models, `dedup_lines` feeds the paragraph hashes.
Both see every character of a crawl, so ASCII text takes a path of its own, and elsewhere the ASCII
part of a rule runs over UTF-8 bytes, the rest as searches for characters that are seldom there.
"""

from __future__ import annotations

import re
import sys
import unicodedata

# CCNet's table; that a full-width one stands for a quotation mark is CCNet's own slip, seen only
# with `numbers=False`, because digits are folded first
UNICODE_PUNCT = {
    **dict.fromkeys("„”“«»１」「《》", '"'),
    **dict.fromkeys("，、", ","),
    **dict.fromkeys("´’", "'"),
    **dict.fromkeys("–━►", "-"),
    "。": ".",
    "．": ". ",
    "…": "...",
    "—": " - ",
    "∶": ":",
    "：": ":",
    "？": "?",
    "！": "!",
    "（": "(",
    "）": ")",
    "；": ";",
    "～": "~",
    "〈": "<",
    "〉": ">",
    "【": "[",
    "】": "]",
    "％": "%",
}


def _bmp_class(category: str) -> str:
    """Return the non-ASCII characters of a category in the basic plane, for a regex class.

    A class within the basic plane is a bitmap to `re`; one character beyond it and the class is
    searched range by range, forty times slower. Astral characters are looked at one by one instead.
    """
    return "".join(c for c in map(chr, range(0x80, 0x10000)) if unicodedata.category(c) == category)


_PUNCT_CLASS = "".join(UNICODE_PUNCT)
_PUNCT = re.compile(f"[{_PUNCT_CLASS}]")
_PUNCT_OR_C1 = re.compile(f"[{_PUNCT_CLASS}\x80-\x9f]")
_C1 = re.compile("[\x80-\x9f]")
_BMP_DIGIT = re.compile(f"[{_bmp_class('Nd')}]")
_BMP_MARK = re.compile(f"[{_bmp_class('Mn')}]")
_ASTRAL = re.compile(f"[\U00010000-{chr(sys.maxunicode)}]")

_C0 = bytes([*range(0x20), 0x7F])
_C0_BUT_NEWLINE = _C0.replace(b"\n", b"")
_DIGITS_TO_ZERO = bytes.maketrans(b"123456789", b"0" * 9)
_ASCII_DELETED: dict[int, str | None] = dict.fromkeys(_C0)
_ASCII_FOLDED = {**_ASCII_DELETED, **dict.fromkeys(map(ord, "123456789"), "0")}


def _zero_if_digit(match: re.Match[str]) -> str:
    return "0" if match[0].isdecimal() else match[0]


def _drop_if_mark(match: re.Match[str]) -> str:
    return "" if unicodedata.category(match[0]) == "Mn" else match[0]


def _fold_other_digits(text: str) -> str:
    """Make every decimal digit beyond ASCII a 0."""
    return _ASTRAL.sub(_zero_if_digit, _BMP_DIGIT.sub("0", text))


def replace_unicode_punct(text: str) -> str:
    """Write CJK, typographic and full-width punctuation in ASCII."""
    return _PUNCT.sub(lambda match: UNICODE_PUNCT[match[0]], text)


def remove_unicode_punct(text: str) -> str:
    """Delete the punctuation that `replace_unicode_punct` would replace."""
    return _PUNCT.sub("", text)


def remove_non_printing_char(text: str) -> str:
    r"""Delete U+0000 to U+001F, the newline among them, and U+007F to U+009F."""
    if text.isascii():
        return text.translate(_ASCII_DELETED)
    return _C1.sub("", _translate_ascii(text, None))


def strip_accents(text: str) -> str:
    """Decompose (NFD) and delete the non-spacing marks; Hangul stays decomposed, as in CCNet."""
    if text.isascii():
        return text
    return _ASTRAL.sub(_drop_if_mark, _BMP_MARK.sub("", unicodedata.normalize("NFD", text)))


def _translate_ascii(text: str, table: bytes | None) -> str:
    """Delete the C0 controls and apply a table to ASCII, leaving other characters alone."""
    data = text.encode("utf-8", "surrogatepass").translate(table, _C0)
    return data.decode("utf-8", "surrogatepass")


def normalize(
    text: str, accent: bool = True, case: bool = True, numbers: bool = True, punct: int = 1
) -> str:
    """Normalise a text for the language models, `cc_net.text_normalizer.normalize`.

    Parameters
    ----------
    text
        Anything, also several lines: newlines are control characters and vanish without leaving a
        blank, so a whole document becomes the one line that CCNet scores.
    accent, case, numbers
        Strip accents, lower the case, make every decimal digit a 0.
    punct
        1 replaces Unicode punctuation by ASCII, 2 deletes it, any other number leaves it.
    """
    text = text.strip()
    if case:
        text = text.lower()
    if text.isascii():
        return text.translate(_ASCII_FOLDED if numbers else _ASCII_DELETED)
    if accent:
        text = strip_accents(text)
    if numbers:
        text = _fold_other_digits(text)
    if punct == 1:
        text = replace_unicode_punct(text)
    elif punct == 2:
        text = remove_unicode_punct(text)
    return _C1.sub("", _translate_ascii(text, _DIGITS_TO_ZERO if numbers else None))


def normalize_for_dedup(line: str) -> str:
    """Normalise one line for its paragraph hash, `cc_net.text_normalizer.normalize_for_dedup`.

    ASCII punctuation and accents stay.
    """
    return normalize(line, accent=False, punct=2)


def dedup_lines(text: str) -> list[bytes]:
    r"""Return `normalize_for_dedup` of each line of `text`, lines being split at "\n", in UTF-8.

    The rules run over the whole text at once. That is the same: none of them looks across a
    newline (a final sigma is decided by the letters beside it, and a newline is none), but each
    line must be stripped before its control characters go, or the blanks behind them would go too.
    """
    text = "\n".join(map(str.strip, text.lower().split("\n")))
    if not text.isascii():
        text = _PUNCT_OR_C1.sub("", _fold_other_digits(text))
    data = text.encode("utf-8", "surrogatepass")
    return data.translate(_DIGITS_TO_ZERO, _C0_BUT_NEWLINE).split(b"\n")
