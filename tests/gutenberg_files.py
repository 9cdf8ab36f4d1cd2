"""A file of Project Gutenberg for tests, in the current and in the old form."""

from __future__ import annotations

HEADER = """The Project Gutenberg EBook of The Lamp, by Ada Wick

This eBook is for the use of anyone who cares for lamps.

Title: The Lamp
       or A Light in the House

Author: Ada Wick

Posting Date: May 4, 2011 [EBook #4711]
Release Date: March, 1999

Language: English

Character set encoding: ISO-8859-1

"""
START = "*** START OF THIS PROJECT GUTENBERG EBOOK THE LAMP ***"
BODY = (
    "THE LAMP\n\nChapter 1\n\n"
    + "It was dark, and then it was not.\nNobody spoke.\n\n" * 50
    + "Fin"
)
END = "*** END OF THIS PROJECT GUTENBERG EBOOK THE LAMP ***"
LICENSE = "\n\nHow to get files of Project Gutenberg, and what may be done with them.\n"
OLD_HEADER = """**The Project Gutenberg Etext of The Lamp, by Ada Wick**
******This file should be named lampx10.txt or lampx10.zip******

March, 1999  [Etext #4711]

***START**THE SMALL PRINT!**FOR PUBLIC DOMAIN ETEXTS**START***
Here is what lawyers wish.
"""
SMALL_PRINT_END = "*END*THE SMALL PRINT! FOR PUBLIC DOMAIN ETEXTS*Ver.04.29.93*END*"


def whole(start: str = START, end: str = END, header: str = HEADER) -> str:
    return f"{header}{start}\n\n\n{BODY}\n\n\n{end}\n{LICENSE}"
