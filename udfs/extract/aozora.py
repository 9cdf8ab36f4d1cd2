"""Books of Aozora Bunko: their readings, notes and colophon taken off, their rare characters put in.

Its text files say how a word is read (`吾輩《わがはい》`, `｜獰悪《どうあく》` where the word's start is
not plain), describe characters that Shift JIS lacks (`※［＃「言＋墟のつくり」、第4水準2-88-74］`), note
layout (`［＃８字下げ］`), and spell accents out (`〔fiance'〕`).
"""

from __future__ import annotations

import datetime
import re
import unicodedata

from udfs.extract.gutenberg import NEAR_ENDS
from udfs.extract.gutenberg_header import Header

_LEGEND = "【テキスト中に現れる記号について】"
_RULE = re.compile(r"^-{20,}[ \t]*\n", re.MULTILINE)
_LEGEND_LENGTH = 5000  # characters; most have 500
_COLOPHON = re.compile(r"^底本：", re.MULTILINE)
_RELEASED = re.compile(r"^([12]\d{3})年(\d{1,2})月(\d{1,2})日(?:作成|公開)", re.MULTILINE)
_TRANSLATED = ("訳", "編", "校訂")

_MARKED_READING = re.compile(r"｜([^｜《》\n]*)《[^《》\n]*》")
_READING = re.compile(r"(?<=\S)《[^《》\n]*》")
_NOTE = re.compile(r"(※?)［＃([^［］\n]*)］")
_NOTES_DEEP = 2  # a note on a word with a rare character has that character's note within
_UNICODE = re.compile(r"U\+([0-9A-Fa-f]{4,6})")
_PLACE = re.compile(r"(?<![0-9-])([12])-(\d{1,2})-(\d{1,2})(?![0-9-])")
_UNKNOWN = "〓"  # what printers set for a type that they do not have

_FOREIGN = re.compile("〔([\x20-\x7e\u00a0-\u024f]+)〕")
_LIGATURES = {"ae&": "æ", "AE&": "Æ", "oe&": "œ", "OE&": "Œ", "s&": "ß", "a&": "å", "A&": "Å"}
_ACCENTS = {
    "'": "\u0301",
    "`": "\u0300",
    "^": "\u0302",
    "~": "\u0303",
    ":": "\u0308",
    "_": "\u0304",
}
_SPELT = re.compile(r"(?:ae|AE|oe|OE|[saA])&|[cC],|[A-Za-z]['`^~:_]")


def is_book(text: str) -> bool:
    """Tell whether a text starts as Aozora Bunko's files do: title, author, and the legend."""
    return _LEGEND in text[:_LEGEND_LENGTH]


def parse(text: str) -> tuple[Header, str]:
    """Return what a file says of its book, and the book: title, author and text as printed.

    Readings are left out; so are notes, and lines of notes alone. A rare character stands where its
    note says which it is, by Unicode or by its place in JIS X 0213; else U+3013 does.
    """
    found = text.find(_LEGEND, 0, _LEGEND_LENGTH)
    head, body = "", text
    if found >= 0:
        above = list(_RULE.finditer(text, 0, found))
        below = _RULE.search(text, found, found + _LEGEND_LENGTH)
        if above and below:
            head, body = text[: above[-1].start()], text[below.end() :]
    colophon = _COLOPHON.search(body, max(0, len(body) - NEAR_ENDS))
    end = colophon.start() if colophon else len(body)
    header = _header([line.strip() for line in head.splitlines() if line.strip()], body[end:])
    return header, plain(f"{head.rstrip()}\n\n{body[:end].lstrip()}" if head else body[:end])


def plain(text: str) -> str:
    """Return a text without its notation.

    >>> plain("一番｜獰悪《どうあく》な※［＃「魚＋師のつくり」、第4水準2-93-37］［＃「師」に傍点］")
    '一番獰悪な魳'
    """
    text = _READING.sub("", _MARKED_READING.sub(r"\1", text))
    lines = []
    for line in text.split("\n"):
        if "［＃" in line:
            for _ in range(_NOTES_DEEP):
                line = _NOTE.sub(_noted, line)
            if not line.strip():
                continue
        lines.append(line)
    return _FOREIGN.sub(lambda match: _SPELT.sub(_accented, match[1]), "\n".join(lines))


def _noted(match: re.Match[str]) -> str:
    if not match[1]:
        return ""
    found = _UNICODE.search(match[2])
    if found:
        code = int(found[1], 16)
        return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else _UNKNOWN
    place = _PLACE.search(match[2])
    return _of_jis(int(place[1]), int(place[2]), int(place[3])) if place else _UNKNOWN


def _of_jis(plane: int, row: int, cell: int) -> str:
    """Return the character at a place in JIS X 0213."""
    if not (0 < row < 95 and 0 < cell < 95):
        return _UNKNOWN
    code = bytes((row + 0xA0, cell + 0xA0))
    try:
        return (b"\x8f" + code if plane == 2 else code).decode("euc_jis_2004")
    except UnicodeDecodeError:
        return _UNKNOWN


def _accented(match: re.Match[str]) -> str:
    spelt = match[0]
    if spelt in _LIGATURES:
        return _LIGATURES[spelt]
    if spelt[1] == ",":
        return "ç" if spelt[0] == "c" else "Ç"
    whole = unicodedata.normalize("NFC", spelt[0] + _ACCENTS[spelt[1]])
    return whole if len(whole) == 1 else spelt


def _header(lines: list[str], colophon: str) -> Header:
    author = next((each for each in lines[:0:-1] if not each.endswith(_TRANSLATED)), None)
    return Header(
        title=plain(lines[0]) if lines else None,
        author=plain(author) if author else None,
        language="ja",
        released=_released(colophon),
        number=None,
        public_domain=False,  # in the United States: the file says nothing of it
    )


def _released(colophon: str) -> str | None:
    found = _RELEASED.search(colophon)
    try:
        return found and datetime.date(*map(int, found.groups())).isoformat()
    except ValueError:
        return None
