"""Extract the text of Aozora Bunko's books: remove readings, notes and colophon, restore characters.

Aozora Bunko (https://www.aozora.gr.jp) is a library of Japanese books out of copyright. Its text files
use a notation of their own: readings of words (`吾輩《わがはい》`, and `｜獰悪《どうあく》` where the start
of the word must be marked), descriptions of characters that Shift JIS lacks
(`※［＃「言＋墟のつくり」、第4水準2-88-74］`), layout (`［＃８字下げ］`) and accents (`〔fiance'〕`).
"""

from __future__ import annotations

import datetime
import re
import unicodedata

from udfs.extract.gutenberg_header import Header
from udfs.extract.gutenberg_notes import NEAR_ENDS

_LEGEND = "【テキスト中に現れる記号について】"
_RULE = re.compile(r"^-{20,}[ \t]*\n", re.MULTILINE)
_LEGEND_LENGTH = 5000  # characters; most legends have 500
_COLOPHON = re.compile(r"^底本：", re.MULTILINE)
_RELEASED = re.compile(r"^([12]\d{3})年(\d{1,2})月(\d{1,2})日(?:作成|公開)", re.MULTILINE)
_NOT_AUTHORS = ("訳", "編", "校訂")  # ends of the lines that name translators and editors

_MARKED_READING = re.compile(r"｜([^｜《》\n]*)《[^《》\n]*》")
_READING = re.compile(r"(?<=\S)《[^《》\n]*》")
_NOTE = re.compile(r"(※?)［＃([^［］\n]*)］")
_NOTE_DEPTH = 2  # a note about a word contains the notes of the word's rare characters
_UNICODE = re.compile(r"U\+([0-9A-Fa-f]{4,6})")
_JIS_CODE = re.compile(r"(?<![0-9-])([12])-(\d{1,2})-(\d{1,2})(?![0-9-])")
_UNKNOWN = "〓"  # the geta mark, U+3013, which printers set for a missing type

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
_SPELLED_LETTER = re.compile(r"(?:ae|AE|oe|OE|[saA])&|[cC],|[A-Za-z]['`^~:_]")


def is_book(text: str) -> bool:
    """Return whether a text has the legend of Aozora Bunko's notation near its start."""
    return _LEGEND in text[:_LEGEND_LENGTH]


def parse(text: str) -> tuple[Header, str]:
    """Return a file's metadata and its book: title, author and text as printed.

    The legend and the colophon are removed, and the notation as in `strip_notation`.
    """
    legend = text.find(_LEGEND, 0, _LEGEND_LENGTH)
    head, body = "", text
    if legend >= 0:
        rules_above = list(_RULE.finditer(text, 0, legend))
        rule_below = _RULE.search(text, legend, legend + _LEGEND_LENGTH)
        if rules_above and rule_below:
            head, body = text[: rules_above[-1].start()], text[rule_below.end() :]
    colophon = _COLOPHON.search(body, max(0, len(body) - NEAR_ENDS))
    end = colophon.start() if colophon else len(body)
    header = _header([line.strip() for line in head.splitlines() if line.strip()], body[end:])
    book = f"{head.rstrip()}\n\n{body[:end].lstrip()}" if head else body[:end]
    return header, strip_notation(book)


def strip_notation(text: str) -> str:
    """Return a text without readings, notes, and lines that consist of notes.

    A note that describes a character by Unicode or by its code in JIS X 0213 is replaced by the
    character, a description without such a code by U+3013.

    >>> strip_notation("一番｜獰悪《どうあく》な※［＃「魚＋師のつくり」、第4水準2-93-37］［＃「師」に傍点］")
    '一番獰悪な魳'
    """
    text = _READING.sub("", _MARKED_READING.sub(r"\1", text))
    lines = []
    for line in text.split("\n"):
        if "［＃" in line:
            for _ in range(_NOTE_DEPTH):
                line = _NOTE.sub(_described_character, line)
            if not line.strip():
                continue
        lines.append(line)
    return _FOREIGN.sub(lambda match: _SPELLED_LETTER.sub(_accented, match[1]), "\n".join(lines))


def _described_character(match: re.Match[str]) -> str:
    """Return the character that a note describes; nothing for a note about something else."""
    if not match[1]:
        return ""
    unicode = _UNICODE.search(match[2])
    if unicode:
        code = int(unicode[1], 16)
        return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else _UNKNOWN
    jis = _JIS_CODE.search(match[2])
    return _jis_character(int(jis[1]), int(jis[2]), int(jis[3])) if jis else _UNKNOWN


def _jis_character(plane: int, row: int, cell: int) -> str:
    """Return the character with a code of JIS X 0213."""
    if not (0 < row < 95 and 0 < cell < 95):
        return _UNKNOWN
    code = bytes((row + 0xA0, cell + 0xA0))
    try:
        return (b"\x8f" + code if plane == 2 else code).decode("euc_jis_2004")
    except UnicodeDecodeError:
        return _UNKNOWN


def _accented(match: re.Match[str]) -> str:
    """Return the accented letter of a spelling such as `e'`; the spelling if Unicode has none."""
    spelled = match[0]
    if spelled in _LIGATURES:
        return _LIGATURES[spelled]
    if spelled[1] == ",":
        return "ç" if spelled[0] == "c" else "Ç"
    letter = unicodedata.normalize("NFC", spelled[0] + _ACCENTS[spelled[1]])
    return letter if len(letter) == 1 else spelled


def _header(lines: list[str], colophon: str) -> Header:
    author = next((line for line in lines[:0:-1] if not line.endswith(_NOT_AUTHORS)), None)
    return Header(
        title=strip_notation(lines[0]) if lines else None,
        author=strip_notation(author) if author else None,
        language="ja",
        released=_released(colophon),
        number=None,
        public_domain=False,  # the file does not mention the United States
    )


def _released(colophon: str) -> str | None:
    release = _RELEASED.search(colophon)
    try:
        return release and datetime.date(*map(int, release.groups())).isoformat()
    except ValueError:
        return None
