"""CCNet's text normalisers (`cc_net.text_normalizer`), equal to the character.

`normalize` prepares text for the language models, `dedup_lines` prepares lines for paragraph hashes.
Both process every character of a crawl. The ASCII part of a rule is one `bytes.translate`. The others
look at a character alone, but for the order of marks, so each distinct character beyond ASCII is looked
up once a text; where many of them change, as in Korean, regular expressions are faster.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from functools import lru_cache

# CCNet's table. The full-width digit one among the quotation marks is CCNet's own mistake; it has an
# effect with `numbers=False` only, because digits become 0 before.
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
    """Return the non-ASCII characters of a Unicode category in the basic plane, for a regex class.

    `re` compiles a class within the basic plane to a bitmap. With a single character beyond it, `re`
    searches the class range by range, forty times slower, so astral characters are tested apart.
    """
    return "".join(c for c in map(chr, range(0x80, 0x10000)) if unicodedata.category(c) == category)


_PUNCT_CLASS = "".join(UNICODE_PUNCT)
_PUNCT = re.compile(f"[{_PUNCT_CLASS}]")
_C1 = re.compile("[\x80-\x9f]")
_BMP_DIGIT = re.compile(f"[{_bmp_class('Nd')}]")
_BMP_MARK = re.compile(f"[{_bmp_class('Mn')}]")
_ASTRAL = re.compile(f"[\U00010000-{chr(sys.maxunicode)}]")

_ASCII = bytes(range(0x80))
# distinct characters that are replaced one by one
_MOST_REPLACED = 12

_C0 = bytes([*range(0x20), 0x7F])
_C0_BUT_NEWLINE = _C0.replace(b"\n", b"")
_DIGITS_TO_ZERO = bytes.maketrans(b"123456789", b"0" * 9)


def _zero_if_digit(match: re.Match[str]) -> str:
    return "0" if match[0].isdecimal() else match[0]


def _drop_if_mark(match: re.Match[str]) -> str:
    return "" if unicodedata.category(match[0]) == "Mn" else match[0]


def _non_ascii_digits_to_zero(text: str) -> str:
    """Replace every decimal digit beyond ASCII by 0."""
    return _ASTRAL.sub(_zero_if_digit, _BMP_DIGIT.sub("0", text))


def replace_unicode_punct(text: str) -> str:
    """Return a text with CJK, typographic and full-width punctuation replaced by ASCII."""
    return _PUNCT.sub(lambda match: UNICODE_PUNCT[match[0]], text)


def remove_unicode_punct(text: str) -> str:
    """Return a text without the punctuation that `replace_unicode_punct` replaces."""
    return _PUNCT.sub("", text)


def strip_accents(text: str) -> str:
    """Return a text in NFD without its non-spacing marks; Hangul stays decomposed, as in CCNet."""
    if text.isascii():
        return text
    return _ASTRAL.sub(_drop_if_mark, _BMP_MARK.sub("", unicodedata.normalize("NFD", text)))


def _translate_ascii(text: str, table: bytes | None) -> str:
    """Delete the C0 controls and translate the ASCII characters; others are unchanged."""
    data = text.encode("utf-8", "surrogatepass").translate(table, _C0)
    return data.decode("utf-8", "surrogatepass")


def normalize(
    text: str, accent: bool = True, case: bool = True, numbers: bool = True, punct: int = 1
) -> str:
    """Return a text as the language models read it (`cc_net.text_normalizer.normalize`).

    Control characters are deleted. Newlines are among them and leave no blank, so that a whole
    document becomes the single line that CCNet scores.

    Parameters
    ----------
    accent, case, numbers
        Strip accents, lower the case, replace every decimal digit by 0.
    punct
        1 replaces Unicode punctuation by ASCII, 2 deletes it, other numbers keep it.
    """
    text = text.strip()
    if case:
        text = text.lower()
    if not text.isascii():
        text = _normalize_beyond_ascii(text, accent, numbers, punct)
    return _translate_ascii(text, _DIGITS_TO_ZERO if numbers else None)


def _normalize_beyond_ascii(text: str, accent: bool, numbers: bool, punct: int) -> str:
    """Apply the rules about accents, digits, punctuation and C1 controls beyond ASCII."""
    rare = text.encode("utf-8", "surrogatepass").translate(None, _ASCII)
    replaced = {}
    for character in set(rare.decode("utf-8", "surrogatepass")):
        normal = _normal_character(character, accent, numbers, punct)
        if normal is None:
            return _by_rules(text, accent, numbers, punct)
        if normal != character:
            replaced[character] = normal
    if len(replaced) > _MOST_REPLACED:
        return _by_rules(text, accent, numbers, punct)
    # what one is replaced by is ASCII or stays as it is, so their order does not matter
    for character, normal in replaced.items():
        text = text.replace(character, normal)
    return text


@lru_cache(maxsize=1 << 16)
def _normal_character(character: str, accent: bool, numbers: bool, punct: int) -> str | None:
    """Return what the rules make of a character; None where it depends on its neighbours.

    Canonical order moves characters that have a combining class. Most are non-spacing marks, which are
    deleted.
    """
    if accent and any(
        unicodedata.combining(part) and unicodedata.category(part) != "Mn"
        for part in unicodedata.normalize("NFD", character)
    ):
        return None
    return _by_rules(character, accent, numbers, punct)


def _by_rules(text: str, accent: bool, numbers: bool, punct: int) -> str:
    if accent:
        text = strip_accents(text)
    if numbers:
        text = _non_ascii_digits_to_zero(text)
    if punct == 1:
        text = replace_unicode_punct(text)
    elif punct == 2:
        text = remove_unicode_punct(text)
    return _C1.sub("", text)


def normalize_for_dedup(line: str) -> str:
    """Return a line as paragraph hashes read it (`cc_net.text_normalizer.normalize_for_dedup`).

    Accents and ASCII punctuation are kept.
    """
    return normalize(line, accent=False, punct=2)


def dedup_lines(text: str) -> list[bytes]:
    r"""Return `normalize_for_dedup` of each line of a text, in UTF-8; lines end at "\n".

    The rules run on the whole text at once, which gives the same: no rule looks across a newline
    (only the adjacent letters decide whether a sigma is final, and a newline is no letter). Each
    line is stripped before its control characters are deleted, because blanks next to a control
    character at the line's end are kept.
    """
    text = "\n".join(map(str.strip, text.lower().split("\n")))
    if not text.isascii():
        text = _normalize_beyond_ascii(text, accent=False, numbers=True, punct=2)
    data = text.encode("utf-8", "surrogatepass")
    return data.translate(_DIGITS_TO_ZERO, _C0_BUT_NEWLINE).split(b"\n")
