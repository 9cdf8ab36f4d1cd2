"""The comment syntax of the languages of source files, by the suffixes of their names."""

from __future__ import annotations

import re
from typing import NamedTuple


class Block(NamedTuple):
    """A form of comment over several lines.

    Attributes
    ----------
    opening
        What a comment begins with; if it has a group, `closing` has its text in place of `{}`.
    closing
        What ends it; None where `opening` matches the whole comment.
    is_string
        Whether it is a string that stands alone, as Python's.
    anywhere
        Whether a comment may begin after code, or far below.
    """

    opening: re.Pattern[str]
    closing: str | None
    is_string: bool = False
    anywhere: bool = True

    def end(self, content: str, opening: re.Match[str], position: int) -> int:
        """Return the end of a comment whose opening ends at a position; 0 if it has none."""
        if self.closing is None:
            return position
        mark = self.closing_of(opening)
        end = content.find(mark, position)
        return end + len(mark) if end >= 0 else 0

    def closing_of(self, opening: re.Match[str]) -> str:
        """Return what ends the comment that an opening begins."""
        closing = self.closing or ""
        return closing.format(opening[1]) if "{}" in closing else closing


class Comments(NamedTuple):
    """The forms of comments of a language: a pattern of those to the end of a line, and blocks."""

    line: re.Pattern[str]
    blocks: tuple[Block, ...] = ()


def _block(opening: str, closing: str | None, **more: bool) -> Block:
    return Block(re.compile(opening), closing, **more)


def _comments(line: str, *blocks: Block) -> Comments:
    return Comments(re.compile(rf"[ \t]*(?:{line})"), blocks)


_C = _block(r"/\*", "*/")
_MARKUP = _block("<!--", "-->")
_STRINGS = (
    _block(r'[rRuU]?"""', '"""', is_string=True, anywhere=False),
    _block(r"[rRuU]?'''", "'''", is_string=True, anywhere=False),
)
# a comment of reStructuredText: `..` and the indented lines that follow, but no directive or target
_RST = _block(
    r"\.\.(?:[ \t]+(?!\S{1,60}::|_|\[|\|)[^\n]*|[ \t]*(?=\n[ \t]))"
    r"(?:\n[ \t]+\S[^\n]*|\n[ \t]*(?=\n[ \t]+\S))*",
    None,
    anywhere=False,
)
_POD = _block("=(?:pod|head1|begin)[^\n]*", "\n=cut", anywhere=False)
_HASH = r"#(?![\[=|])"
_NEVER = "(?!)"

UNKNOWN = _comments(rf"//|{_HASH}|--(?!\[)", _C)
_LANGUAGES: dict[str, Comments] = {
    ".c .h .cs .cpp .hpp .c++ .h++ .cc .hh .go .java .js .rs .scala .ts .tsx": _comments("//", _C),
    ".cmake": _comments(_HASH, _block(r"#\[(=*)\[", "]{}]")),
    ".dockerfile .sh .bash .command .zsh .smali dockerfile makefile": _comments(_HASH),
    ".jl": _comments(_HASH, _block("#=", "=#")),
    ".pl .pm .perl .pod": _comments(_HASH, _POD),
    ".ps1 .psd1 .psm1": _comments(_HASH, _block("<#", "#>")),
    ".py": _comments(_HASH, *_STRINGS),
    ".rb": _comments(_HASH, _block("=begin[^\n]*", "\n=end", anywhere=False)),
    ".lua": _comments(r"--(?!\[=*\[)", _block(r"--\[(=*)\[", "]{}]")),
    ".hs": _comments(r"--(?![!#$%&*+./<=>?@\\^|~])", _block(r"\{-(?!#)", "-}")),
    ".sql": _comments(rf"--|{_HASH}", _C),
    ".css": _comments(_NEVER, _C),
    ".html": _comments(_NEVER, _MARKUP, _C),
    ".md .markdown": _comments(r"\[[^\]\n]{1,20}\]:[ \t]*(?:#|<>)[ \t]*[(\"']", _MARKUP),
    ".xml": _comments(_NEVER, _MARKUP),
    ".php .php3 .php4 .php5 .phps .phpt": _comments(rf"//|{_HASH}", _C),
    ".rst": _comments(_NEVER, _RST),
    ".tex": _comments("%"),
    # Objective-C, MATLAB or Octave
    ".m": _comments("//|%(?!{)", _C, _block("%{[ \t]*(?=\n)", "\n%}", anywhere=False)),
    ".bat .cmd": _comments(r"(?i:@?rem(?!\w))|::"),
    ".vb": _comments(r"'|(?i:rem(?!\w))"),
    ".f90 .f03 .f08 .f95": _comments("!(?!\\$|DIR\\$)"),
    ".f .f77 .for .fpp": Comments(re.compile(r"[Cc*](?![A-Za-z0-9_(=%,$])|[ \t]*!(?!\$|DIR\$)")),
    ".asm": _comments("[;#@]|//", _C),
}
_BY_SUFFIX = {
    suffix: comments for suffixes, comments in _LANGUAGES.items() for suffix in suffixes.split()
}
# in these a line that looks like a comment may be a directive of a preprocessor
WITH_PREPROCESSOR = frozenset((UNKNOWN, _BY_SUFFIX[".sql"], _BY_SUFFIX[".asm"], _BY_SUFFIX[".php"]))


def comments_of(path: str | None) -> Comments:
    """Return the forms of comments of a file's language, which its name tells."""
    if not path:
        return UNKNOWN
    name = path.rpartition("/")[2].lower()
    return _BY_SUFFIX.get(name[name.rfind(".") :] if "." in name else name, UNKNOWN)
