"""Walks the tree of a page's wikitext once, and leaves lines with marks before headings and code."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from typing import Any

from mwparserfromhell.nodes import (
    Argument,
    ExternalLink,
    Heading,
    HTMLEntity,
    Tag,
    Template,
    Text,
    Wikilink,
)
from mwparserfromhell.parser import Parser

from udfs.extract.wikitext_measures import fraction, grouped
from udfs.extract.wikitext_names import (
    BLOCKS,
    BREAKS,
    CHARACTERS,
    CITATIONS,
    DROPPED,
    FRACTIONS,
    ITEMS,
    LANGUAGE_NAMES,
    LANGUAGE_TEMPLATE,
    LANGUAGES,
    LAST,
    NOT_TEXT,
    NUMBER_FUNCTION,
    PRICES,
    QUOTES,
    SCRIPT_TEMPLATE,
    SOUND_TEMPLATE,
    TEX,
    TEXTS,
    TYPED,
)
from udfs.extract.wikitext_values import MADE, cited, lowered, raised

_PARSER: Any = Parser  # which has no types
# no XML has these characters
HEADING = "\x01"  # and its level, at the start of a line
TYPED_LINE = "\x02"  # at the start of a line whose blanks matter
UNKNOWN = "\x03"  # a price that a reader sees and that is not known here
BULLET = "• "
# blanks in a formula; and what would be taken for a template, link, table or italics
_TEX_SPACE = re.compile(r"\\[,;:!](?=.)")
_PRIMES = re.compile(r"'{2,}")
_MARKS_IN_TEX = re.compile(r"(\{(?=[{|])|\}(?=\})|\[(?=\[)|\](?=\])|\|(?=\}))")
_NOT_CHARACTERS = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff]")


def flat(wikitext: str, namespaces: frozenset[str]) -> str:
    """Return what a page shows, with `HEADING` and `TYPED_LINE` before such lines.

    Bold and italic marks are still in it: the parser is faster, and more forgiving, without them.
    """
    tree = _PARSER().parse(_NOT_CHARACTERS.sub("", wikitext), skip_style_tags=True)
    walk = _Walk(NOT_TEXT | {name.casefold() for name in namespaces})
    walk.nodes(tree.nodes)
    return "".join(walk.out)


class _Walk:
    def __init__(self, not_text: frozenset[str]) -> None:
        self.out: list[str] = []
        self._not_text = not_text

    def nodes(self, nodes: Iterable[Any]) -> None:
        out = self.out
        for node in nodes:
            kind = type(node)
            if kind is Text:
                out.append(node.value)
            elif kind is Wikilink:
                self._link(node)
            elif kind is Template:
                self._template(node)
            elif kind is Tag:
                self._tag(node)
            elif kind is HTMLEntity:
                out.append(_character(node))
            elif kind is ExternalLink:
                if node.title is not None:
                    self.nodes(node.title.nodes)
            elif kind is Heading:
                out.append(f"\n\n{HEADING}{node.level}")
                before = len(out)
                self.nodes(node.title.nodes)
                title = "".join(out[before:]).replace("\n", " ")
                out[before:] = [title, "\n\n"]
            elif kind is Argument and node.default is not None:
                self.nodes(node.default.nodes)

    def _link(self, node: Any) -> None:
        title = str(node.title)
        prefix, colon, _ = title.partition(":")
        if colon:
            name = prefix.replace("_", " ").strip().casefold()
            if name in self._not_text or name in LANGUAGES:
                return
            if not name:  # [[:Category:Cats]] is a link like others
                title = title[1:]
        if node.text is None:
            self.out.append(html.unescape(title) if "{" not in title else "")
        else:
            self.nodes(node.text.nodes)

    def _tag(self, node: Any) -> None:
        out = self.out
        markup = node.wiki_markup
        if markup:
            self._markup(node, markup)
            return
        name = str(node.tag).strip().lower()
        if name in DROPPED:
            return
        if name in BREAKS:
            out.append("\n")
        if node.self_closing:
            return
        if name in TYPED:
            lines = html.unescape(str(node.contents)).strip("\n").split("\n")
            out.append("\n\n" + "\n".join(TYPED_LINE + line for line in lines) + "\n\n")
            return
        if name in TEX:
            out.append(_tex(str(node.contents)))
            return
        if node.attributes and _is_hidden(node):
            return
        if name in ("sup", "sub"):
            text = self._text(node.contents)
            out.append(raised(text) if name == "sup" else lowered(text))
            return
        if name in BLOCKS:
            out.append("\n\n")
            self.nodes(node.contents.nodes)
            out.append("\n\n")
        else:
            if name in ITEMS:
                out.append("\n" + BULLET)
            self.nodes(node.contents.nodes)

    def _markup(self, node: Any, markup: str) -> None:
        """What is written without angle brackets: list marks, rules, tables."""
        out = self.out
        last = out[-1] if out else "\n"
        if markup in ("*", "#"):
            if last != BULLET:
                out.append(BULLET)
        elif markup == ":":
            # "; term : what it means" in one line
            if last and last[-1] != "\n" and last != BULLET:
                out[-1] = last.rstrip(" ")
                out.append(":")
        elif markup.startswith("--"):
            out.append("\n")

    def _template(self, node: Any) -> None:
        name = str(node.name).strip().replace("_", " ").lower()
        if name in CHARACTERS:
            self.out.append(CHARACTERS[name])
        elif name in TEXTS:
            self._value(node, str(TEXTS[name]))
        elif name.startswith(LANGUAGE_TEMPLATE):
            language = LANGUAGE_NAMES.get(name.removeprefix(LANGUAGE_TEMPLATE))
            if language and node.has(1):
                self.out.append(f"{language}: ")
            self._value(node, "1")
        elif name in MADE:
            self.out.append(MADE[name](*self._texts(node)))
        elif name.startswith(CITATIONS):
            self.out.append(cited(self._texts(node)[1]))
        elif name.startswith(SOUND_TEMPLATE) and node.has(1):
            self.out.append(f"[{self._text(node.get(1).value)}]")
        elif name in QUOTES:
            self.out.append("\n\n")
            self._value(node, "text", "quote", "1")
            self.out.append("\n\n")
        elif name in LAST:
            for value in _numbered(node)[-1:]:
                self.nodes(value.nodes)
        elif name in FRACTIONS:
            if self.out and self.out[-1][-1:].isdecimal():  # 2{{frac|3|4}} is not 23/4
                self.out.append(" ")
            self.out.append(fraction(self._texts(node)[0]))
        elif name.startswith(SCRIPT_TEMPLATE):
            self._value(node, "1")
        elif name.startswith(NUMBER_FUNCTION):
            self.out.append(grouped(self._text(node.name).partition(":")[2].strip()))
        elif name in PRICES:
            self.out.append(UNKNOWN)

    def _value(self, node: Any, *names: str) -> None:
        """Add the first of some values, by names, that a template is given."""
        values = {str(param.name).strip(): param.value for param in node.params}
        for name in names:
            if name in values:
                self.nodes(values[name].nodes)
                return

    def _text(self, code: Any) -> str:
        """Return what some wikitext shows, without adding it."""
        out, self.out = self.out, []
        self.nodes(code.nodes)
        found, self.out = "".join(self.out), out
        return found

    def _texts(self, node: Any) -> tuple[list[str], dict[str, str]]:
        """Return what a template's numbered and named values show."""
        values: list[str] = []
        named: dict[str, str] = {}
        for param in node.params:
            text = " ".join(self._text(param.value).split())
            if param.showkey:
                named[str(param.name).strip()] = text
            else:
                values.append(text)
        return values, named


def _numbered(node: Any) -> list[Any]:
    return [param.value for param in node.params if not param.showkey]


def _tex(source: str) -> str:
    """Return a formula between dollar signs, in one line, with nothing that wikitext has marks for."""
    tex = _TEX_SPACE.sub(" ", html.unescape(source))
    tex = _PRIMES.sub(lambda match: "^{" + r"\prime" * len(match[0]) + "}", tex)
    tex = _MARKS_IN_TEX.sub(r"\1 ", " ".join(tex.split()))
    return f"${tex}$" if tex else ""


def _character(node: Any) -> str:
    try:
        found: str = node.normalize()
    except (ValueError, OverflowError, KeyError):
        return ""
    return _NOT_CHARACTERS.sub("", found)


def _is_hidden(node: Any) -> bool:
    return any(
        str(attribute.name).strip().lower() == "style"
        and "display:none" in str(attribute.value).replace(" ", "").lower()
        for attribute in node.attributes
    )
