"""Words of a search: whole words, beginnings of words and phrases, in SQL and in Python."""

from __future__ import annotations

import re
from dataclasses import dataclass

_QUERY = re.compile(r'"([^"]+)"|(\S+)')
_MOST = 30
# scripts without blanks between words: what is searched may be any part of a text
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uf900-\ufaff\uac00-\ud7af]"
)
_LETTER = r"\pL\pM\pN_"


@dataclass(frozen=True)
class Word:
    """A word or phrase.

    Attributes
    ----------
    text
        What is searched, in any case.
    starts, ends
        Whether a letter or digit may not stand before it, and after it.
    """

    text: str
    starts: bool
    ends: bool

    @property
    def re2(self) -> str:
        """The regular expression of DuckDB, whose groups 1 and 2 are what stands before, and the match."""
        before = rf"(^|[^{_LETTER}])" if self.starts else "()"
        after = rf"($|[^{_LETTER}])" if self.ends else ""
        return f"(?i){before}({_escaped(self.text)}){after}"

    @property
    def pattern(self) -> str:
        """The regular expression of Python."""
        before = r"(?<!\w)" if self.starts else ""
        return before + re.escape(self.text) + (r"(?!\w)" if self.ends else "")


def search_words(query: str) -> list[Word]:
    """Return what a query searches: words, `begin*` for words that begin so, and `"several words"`.

    >>> [(word.text, word.starts, word.ends) for word in search_words('flow* "the river" (')]
    [('flow', True, False), ('the river', True, True), ('(', False, False)]
    """
    words = []
    for phrase, word in _QUERY.findall(query)[:_MOST]:
        text = phrase or word.rstrip("*") or word
        is_beginning = not phrase and text != word
        unspaced = bool(_UNSPACED.search(text))
        words.append(
            Word(
                text,
                starts=not unspaced and _is_letter(text[0]),
                ends=not unspaced and not is_beginning and _is_letter(text[-1]),
            )
        )
    return words


def _is_letter(character: str) -> bool:
    return re.match(r"\w", character) is not None


def _escaped(text: str) -> str:
    """Return a text as a regular expression of RE2, which knows fewer escapes than Python."""
    return "".join(
        character if re.match(r"[\w\s]|[^\x00-\x7f]", character) else rf"\x{{{ord(character):x}}}"
        for character in text
    )
