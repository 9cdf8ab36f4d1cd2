"""Marks in rendered wikitext: characters that XML, and so a dump, cannot contain.

Text that only looks like markup, as in `<nowiki>` and of `&lt;`, is shielded: its characters stand for
themselves until the lines are tidied.
"""

from __future__ import annotations

import re

HEADING = "\x01"
"""At the start of a heading, before its level."""
PREFORMATTED_LINE = "\x02"
"""At the start of a line whose blanks are kept."""
UNKNOWN_PRICE = "\x03"
"""In place of a current price."""
GAP = "\x04"
"""In place of what no reader misses: a footnote, a file, the colon of an indented line."""
LOST = "\x05"
"""In place of a template that has a text, or may have one, which is not known."""
GUESS, END_GUESS = "\x06", "\x07"
"""Around the values of an unknown template, which are kept within a sentence."""
TABLE_ROW = "\x08"
"""At the start of a table's row, whose cells have tabs between them."""
BLANKS = " \t\n"
"""Blanks around a template's value that do not count; a no-break space does."""
BULLET = "• "

_CHARACTERS = "<>{}[]'|!()_,."
_SHIELDED = "".join(map(chr, range(0x0E, 0x0E + len(_CHARACTERS))))
_SHIELD = str.maketrans(_CHARACTERS, _SHIELDED)
_SHIELD_CODE = str.maketrans(_CHARACTERS.replace("'", ""), _SHIELDED.replace("\x14", ""))
_UNSHIELD = str.maketrans(_SHIELDED, _CHARACTERS)
_MARKS = re.compile("[\x01-\x08]")


def shielded(text: str) -> str:
    """Return a text whose characters are not read as markup."""
    return text.translate(_SHIELD)


def shielded_code(text: str) -> str:
    """Return the text of a `<code>`, in which only quote marks are read as markup."""
    return text.translate(_SHIELD_CODE)


def unshielded(text: str) -> str:
    """Return a text with the characters that were shielded."""
    return text.translate(_UNSHIELD)


def plain(text: str) -> str:
    """Return a rendered text without marks and outer blanks, to be compared with another."""
    return _MARKS.sub("", text).translate(_UNSHIELD).strip()
