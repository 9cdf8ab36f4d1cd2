r"""The TeX of a formula as a page has it, without delimiters and wrappers.

The delimiters are those of LaTeX and MathJax; `{\displaystyle ...}` is what MediaWiki puts around each
formula, `% <![CDATA[` what kramdown puts into scripts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# a formula of more characters stands as plain text
MAX_CHARACTERS = 20_000


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula's TeX, and whether it stands in a line of its own."""

    tex: str
    display: bool = False


_COMMENT = re.compile(r"(?<!\\)((?:\\\\)*)%[^\n]*(?:\n\s*|\Z)")
_ENDS_WITH_COMMAND = re.compile(r"\\[A-Za-z]+\Z")
_LONGEST_NAME = 32
_BEGIN, _END = r"\begin{document}", r"\end{document}"
_ENTITY = re.compile(r"&(?:lt|gt|amp|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});")
_ENTITIES = {"&lt;": "<", "&gt;": ">", "&amp;": "&", "&quot;": '"', "&apos;": "'"}
_DELIMITERS = (("$$", "$$", True), (r"\[", r"\]", True), (r"\(", r"\)", False), ("$", "$", False))
# environments that say no more than that the formula stands in a line of its own, or in the text
_ENVIRONMENTS = {"math": False, "displaymath": True, "equation": True, "equation*": True}
_WRAPPER = re.compile(r"\{\s*\\(?:displaystyle|textstyle|scriptstyle)(?![A-Za-z])")
# so much of an alternative text is looked at
_LONGEST_TESTED = 1000
# two words beside each other, or one of more letters than a variable's or function's name has
_WORDS = re.compile(r"[^\W\d_]{3,}\s+[^\W\d_]{2,}|[^\W\d_]{3}[^\W\d_A-Z]")
_MARKS = re.compile(r"[\\^_=]")
# what stands for an image's formula where its author gave none
_NAMES = "img tex eq eqn 公式 数式 方程 수식"
_PLACEHOLDERS = frozenset(_NAMES.split())


def clean(source: str, display: bool = False) -> Formula:
    """Return TeX without delimiters, wrappers and comments, each run of white space one space."""
    if len(source) > 4 * MAX_CHARACTERS:
        return Formula(source.strip(), display)
    text = _ENTITY.sub(_entity, source)
    if _BEGIN in text:
        text = text.partition(_BEGIN)[2].partition(_END)[0]
    if "%" in text:
        text = _COMMENT.sub(_after_comment, text).strip() or text
    text = _stripped(" ".join(text.split()))
    for _ in range(4):
        inner, shown = _without_delimiters(text)
        if inner == text:
            break
        text, display = inner, display or shown
    return Formula(text, display)


def _after_comment(match: re.Match[str]) -> str:
    """Return what stands for a comment: nothing, or a space that ends a command's name before it."""
    before = match.string[max(match.start() - _LONGEST_NAME, 0) : match.start()]
    return " " if not match[1] and _ENDS_WITH_COMMAND.search(before) else match[1]


def _entity(match: re.Match[str]) -> str:
    name = match[0]
    if name in _ENTITIES:
        return _ENTITIES[name]
    digits = name[2:-1]
    code = int(digits[1:], 16) if digits[0] == "x" else int(digits)
    return chr(code) if 31 < code < 0x110000 and not 0xD7FF < code < 0xE000 else " "


def _stripped(text: str) -> str:
    r"""Return text without blanks at its ends, and without a line end `\\` or blank `\ ` at its end."""
    text = text.strip()
    while text.endswith("\\"):
        text = text.rstrip("\\").rstrip()
    return text


def _without_delimiters(text: str) -> tuple[str, bool]:
    """Return the text within the outermost delimiters, and whether they are those of a display."""
    for opening, closing, shown in _DELIMITERS:
        inner = text[len(opening) : -len(closing)]
        if text.startswith(opening) and text.endswith(closing) and inner.strip():
            escaped = text.endswith("\\" + closing) and closing[0] == "$"
            if opening not in inner.replace(r"\$", "") and closing not in inner and not escaped:
                return _stripped(inner), shown
    for name, shown in _ENVIRONMENTS.items():
        opening, closing = rf"\begin{{{name}}}", rf"\end{{{name}}}"
        if text.startswith(opening) and text.endswith(closing) and text.count(opening) == 1:
            return _stripped(text[len(opening) : -len(closing)]), shown
    wrapper = _WRAPPER.match(text)
    if wrapper and _closes_at_end(text):
        return _stripped(text[wrapper.end() : -1]), False
    return text, False


def _closes_at_end(text: str) -> bool:
    """Return whether the brace that text starts with is closed by its last character."""
    depth = 0
    escaped = False
    for position, letter in enumerate(text):
        if escaped:
            escaped = False
        elif letter == "\\":
            escaped = True
        elif letter == "{":
            depth += 1
        elif letter == "}":
            depth -= 1
            if not depth:
                return position == len(text) - 1
    return False


def is_tex(text: str) -> bool:
    """Return whether an alternative text can be a formula's TeX rather than words about it."""
    text = text[:_LONGEST_TESTED].strip()
    if not text or text.lower() in _PLACEHOLDERS:
        return False
    return "\\" in text or not _WORDS.search(text)


def is_delimited(text: str) -> bool:
    """Return whether an alternative text is TeX within its delimiters."""
    text = " ".join(text[: 4 * MAX_CHARACTERS].split())
    inner, _ = _without_delimiters(text)
    if inner == text:
        return False
    return bool(_MARKS.search(inner)) or (len(inner) <= 12 and " " not in inner)
