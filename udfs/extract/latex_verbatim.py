"""Find where TeX is not read as TeX: verbatim environments and commands, also those a paper makes."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from typing import NamedTuple

_ENVIRONMENTS = (
    *("verbatim", "verbatim*", "Verbatim", "Verbatim*", "BVerbatim", "LVerbatim", "VVerbatim"),
    *("spverbatim", "verbatimtab", "lstlisting", "minted", "alltt", "tcblisting", "Highlighting"),
    *("Sinput", "Soutput", "sageblock", "sagesilent", "pycode", "luacode", "luacode*", "asy"),
    *("pyconsole", "pyverbatim", "pyblock", "Scode", "lstcode", "Code", "CodeInput", "CodeOutput"),
)
_COMMENTS = ("comment", "filecontents", "filecontents*")
_COMMANDS = ("verb", "Verb", "lstinline", "mintinline", "mint")
_WITH_LANGUAGE = ("mintinline", "mint")
_MAX_NAMES = 64  # that a paper makes
_MAX_DEPTH = 9  # of braces in an argument
MAX_LENGTH = 1000  # characters of an argument

_NAME = r"\{\s{0,9}(?P<name>[A-Za-z]{1,40}\*?)\s{0,9}\}"
_OPTIONS = r"(?:\[[^\[\]]{0,200}\]\s{0,9}){0,3}"
_MAKES = re.compile(
    r"\\(?=[DNRCMceln])(?:(?:lstnewenvironment|(?:Define|Custom|Recustom)VerbatimEnvironment|newverbatim|newtcblisting|(?:New|Declare)TCBListing)"
    rf"\s{{0,9}}{_OPTIONS}{_NAME}"
    r"|newenvironment\*?\s{0,9}\{\s{0,9}(?P<wraps>[A-Za-z]{1,40}\*?)\s{0,9}\}\s{0,9}"
    rf"{_OPTIONS}\{{[^{{}}]{{0,100}}(?:\{{[^{{}}]{{0,40}}\}}[^{{}}]{{0,40}}){{0,2}}"
    r"(?:\\(?P<inner>[bBL]?[vV]erbatim|VerbatimEnvironment|alltt|lstlisting|comment)(?![A-Za-z])"
    r"|(?<=\\begin)\{alltt\})"
    r"|exclude(?:comment|version)\s{0,9}\{\s{0,9}(?P<excluded>[A-Za-z]{1,40})\s{0,9}\}"
    r"|newmint(?P<kind>ed|inline)?\s{0,9}(?:\[\s{0,9}(?P<called>[A-Za-z]{1,40})\s{0,9}\]\s{0,9})?"
    r"\{(?P<language>[A-Za-z]{1,40})\}"
    r"|CustomVerbatimCommand\s{0,9}\{?\s{0,9}\\(?P<command>[A-Za-z]{1,40})"
    r"|(?:MakeShortVerb|DefineShortVerb|lstMakeShortInline)\*?\s{0,9}(?:\[[^\[\]]{0,200}\]\s{0,9})?"
    r"\{?\s{0,9}\\?(?P<short>[|!+\"/@^~])\}?)"
)
# macros that stand for a command that holds code
_ALIAS = re.compile(
    r"\\(?:let\s{0,9}\\(?P<let>[A-Za-z]{1,40})\s{0,9}=?\s{0,9}|(?:re)?newcommand\*?\s{0,9}\{?\s{0,9}"
    r"\\(?P<new>[A-Za-z]{1,40})\s{0,9}\}?\s{0,9}\{\s{0,9}|def\s{0,9}\\(?P<def>[A-Za-z]{1,40})\s{0,9}\{\s{0,9})"
    r"\\(?:lstinline|mintinline|[vV]erb)(?![A-Za-z])(?:\[[^\[\]]{0,200}\])?(?:\{[A-Za-z]{1,40}\})?"
    r"(?=\s{0,9}(?:\}|$|\\|\n))"
)
_LEAD = re.compile(r"\*?\s{0,3}(?:\[[^\[\]\n]{0,300}\]\s{0,3})?")
_LANGUAGE = re.compile(r"\{[^{}\n]{0,60}\}")


class Verbatim(NamedTuple):
    """Patterns of a paper's verbatim text: `point` finds where it, or a comment, begins.

    Attributes
    ----------
    point
        A pattern whose last group is `verb`, `link`, `environment` or `short`, or None for a `%`.
    comments
        The environments that are not printed.
    """

    point: re.Pattern[str]
    comments: frozenset[str]


def verbatim_of(texts: Iterable[str]) -> Verbatim:
    r"""Return what the files of a paper hold verbatim, by the commands that make such environments.

    These are of listings, fancyvrb, minted, tcolorbox, comment and shortvrb, and `\newenvironment`
    around one of theirs.
    """
    environments: set[str] = set()
    comments: set[str] = set()
    commands: set[str] = set()
    shorts: set[str] = set()
    for text in texts:
        if "tinline" in text or "\\verb" in text or "\\Verb" in text:
            commands.update(match[match.lastgroup or 0] for match in _ALIAS.finditer(text))
        for definition in _MAKES.finditer(text):
            if (
                "%"
                in text[
                    text.rfind("\n", max(0, definition.start() - 200), definition.start())
                    + 1 : definition.start()
                ]
            ):
                continue
            if definition["excluded"] or definition["inner"] == "comment":
                comments.add(definition["excluded"] or definition["wraps"])
            elif definition["name"] or definition["wraps"]:
                environments.add(definition["name"] or definition["wraps"])
            elif definition["short"]:
                shorts.add(definition["short"])
            elif definition["command"]:
                commands.add(definition["command"])
            elif definition["kind"] == "ed":
                environments.add(definition["called"] or f"{definition['language']}code")
            else:
                inline = f"{definition['language']}{'inline' if definition['kind'] else ''}"
                commands.add(definition["called"] or inline)
    return _verbatim(
        *(tuple(sorted(names)[:_MAX_NAMES]) for names in (environments, comments, commands, shorts))
    )


@functools.lru_cache(64)
def _verbatim(
    environments: tuple[str, ...],
    comments: tuple[str, ...],
    commands: tuple[str, ...],
    shorts: tuple[str, ...],
) -> Verbatim:
    comments = (*_COMMENTS, *comments)
    begins = "|".join(map(re.escape, dict.fromkeys((*_ENVIRONMENTS, *comments, *environments))))
    verbs = "|".join(dict.fromkeys((*_COMMANDS, *commands)))
    # without it the pattern begins with one of two characters, which is several times as fast
    short = f"|(?P<short>[{re.escape(''.join(shorts))}])" if shorts else ""
    return Verbatim(
        re.compile(
            rf"%|\\(?:(?P<verb>{verbs})(?![A-Za-z])"
            r"|(?P<link>(?:url|href|path|nolinkurl)\{)"
            rf"|begin\s{{0,3}}\{{(?P<environment>{begins})\}}){short}"
        ),
        frozenset(comments),
    )


def argument_end(text: str, start: int, command: str) -> int:
    r"""Return the end of the arguments of a command such as `\verb`; `start` if it has none.

    The command's options, and the language of `\mintinline`, precede the text, which stands between
    two equal characters or in braces, in one line.
    """
    position = start
    lead = _LEAD.match(text, start)
    if lead and (command != "verb" or lead[0] == "*"):
        position = lead.end()
    if command in _WITH_LANGUAGE:
        language = _LANGUAGE.match(text, position)
        if not language:
            return start
        position = language.end()
    delimiter = text[position : position + 1]
    if not delimiter or delimiter.isspace() or delimiter in "*[" or delimiter.isalpha():
        return start
    if delimiter == "{":
        end = _closing_brace(text, position)
    else:
        end = text.find(delimiter, position + 1, position + MAX_LENGTH)
    return start if end < 0 or "\n" in text[position:end] else end + 1


def _closing_brace(text: str, start: int) -> int:
    depth = 0
    for position in range(start, min(len(text), start + MAX_LENGTH)):
        if text[position] == "{":
            depth += 1
            if depth > _MAX_DEPTH:
                break
        elif text[position] == "}":
            depth -= 1
            if not depth:
                return position
        elif text[position] == "\n":
            break
    return -1
