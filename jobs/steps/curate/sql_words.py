r"""The names in an SQL expression: those that it calls, and those that stand for values.

Words in strings and comments are neither. The lexical rules are those of Spark's grammar
(SqlBaseLexer.g4): strings in single or double quotes with `\` as escape, or without escapes after `r`;
names in backquotes; comments after `--` to the end of the line, and nested between `/*` and `*/`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_TOKEN = re.compile(
    r"""
      (?P<raw>      [rR](?: '[^']*' | "[^"]*" ) )
    | (?P<string>   '(?:[^'\\]|\\.)*' | "(?:[^"\\]|\\.)*" )
    | (?P<quoted>   `(?:[^`]|``)*` )
    | (?P<comment>  --(?:\\\n|[^\r\n])* )
    | (?P<open>     /\* )
    | (?P<name>     [^\W\d]\w* )
    | (?P<number>   \d\w* )
    | (?P<blank>    \s+ )
    | (?P<other>    . )
    """,
    re.VERBOSE | re.DOTALL,
)
_COMMENT_EDGE = re.compile(r"/\*|\*/")

# functions whose value changes from run to run, or that run what is not SQL
_REFUSED_CALLS = re.compile(
    r"rand|randn|random|randstr|uniform|uuid|shuffle|monotonically_increasing_id|now|curdate|"
    r"localtimestamp|user|session_user|spark_partition_id|input_file_\w+|current_\w+|reflect|"
    r"try_reflect|java_method|aes_encrypt",
)
# functions that SQL also calls without parentheses
_REFUSED_WORDS = re.compile(
    r"current_(?:date|time|timestamp|user|catalog|database|schema)|localtimestamp|session_user|user"
)
_TIME_TYPES = ("date", "timestamp", "timestamp_ltz", "timestamp_ntz")
_TIMES = ("now", "today", "tomorrow", "yesterday")


class Token(NamedTuple):
    """A token of an expression: its kind, a group of `_TOKEN`, and its text."""

    kind: str
    text: str

    @property
    def name(self) -> str | None:
        """The name that the token is, in lower case, since SQL does not distinguish case; or None."""
        if self.kind == "quoted":
            return self.text[1:-1].replace("``", "`").lower()
        return self.text.lower() if self.kind == "name" else None


def tokens(sql: str) -> Iterator[Token]:
    """Yield the tokens of an expression, without blanks and comments."""
    position = 0
    while match := _TOKEN.match(sql, position):
        position = match.end()
        kind = str(match.lastgroup)
        if kind == "open":
            position = _comment_end(sql, position)
        elif kind not in ("blank", "comment"):
            yield Token(kind, match[0])


def names(sql: str) -> set[str]:
    """Return the names of columns and functions in an expression, in lower case.

    >>> sorted(names("length(text) > 5 and title not like 'now%'"))
    ['and', 'length', 'like', 'not', 'text', 'title']
    """
    return {token.name for token in tokens(sql) if token.name is not None}


def refused(sql: str) -> str | None:
    """Return what an expression has that changes from run to run, or runs what is not SQL; or None.

    >>> refused("rand () < 0.5"), refused("title like 'rand()'"), refused("random > 1")
    ('rand()', None, None)
    """
    words = [Token("other", ""), *tokens(sql), *2 * [Token("other", "")]]
    for before, token, after, second in zip(words, words[1:], words[2:], words[3:], strict=False):
        name = token.name
        if name is None:
            continue
        if after.text == "(":
            without_arguments = name == "unix_timestamp" and second.text == ")"
            if _REFUSED_CALLS.fullmatch(name) or without_arguments:
                return f"{name}()"
        elif token.kind == "name" and "." not in (before.text, after.text):
            if _REFUSED_WORDS.fullmatch(name):
                return f"{name}()"
            is_time = name in _TIME_TYPES and after.kind == "string"
            if is_time and after.text[1:-1].strip().lower() in _TIMES:
                return f"{name} {after.text}"
    return None


def is_free_of_strings(sql: str) -> bool:
    """Return whether an expression has no string, quoted name or comment, so that blanks do not count."""
    return not re.search(r"['\"`]|--|/\*", sql)


def _comment_end(sql: str, position: int) -> int:
    """Return the end of a bracketed comment that is open; comments nest."""
    depth = 1
    while depth:
        edge = _COMMENT_EDGE.search(sql, position)
        if edge is None:
            return len(sql)
        depth += 1 if edge[0] == "/*" else -1
        position = edge.end()
    return position
