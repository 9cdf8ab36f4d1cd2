"""Render the parsed wikitext of a page as lines, with marks before headings and preformatted text."""

from __future__ import annotations

import html
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

from udfs.extract import wikitext_names as names
from udfs.extract.wikitext_measures import fraction, grouped
from udfs.extract.wikitext_nodes import (
    NOT_CHARACTERS,
    character,
    formula,
    is_hidden,
    numbered_values,
)
from udfs.extract.wikitext_values import VALUE_TEMPLATES, citation, subscript, superscript

_PARSER: Any = Parser  # the library has no type hints
# marks in the rendered text: characters that XML, and so a dump, cannot contain
HEADING = "\x01"  # at the start of a heading, before its level
PREFORMATTED_LINE = "\x02"  # at the start of a line whose blanks are kept
UNKNOWN_PRICE = "\x03"  # in place of a current price
BULLET = "• "


def render(wikitext: str, namespaces: frozenset[str]) -> str:
    """Return the text of a page, with `HEADING` and `PREFORMATTED_LINE` before such lines.

    Bold and italic marks are kept: the parser is faster, and tolerates more, without parsing them.

    Parameters
    ----------
    namespaces
        Names of file and category namespaces, in addition to `NON_TEXT_NAMESPACES`.
    """
    tree = _PARSER().parse(NOT_CHARACTERS.sub("", wikitext), skip_style_tags=True)
    renderer = _Renderer(names.NON_TEXT_NAMESPACES | {name.casefold() for name in namespaces})
    renderer.nodes(tree.nodes)
    return "".join(renderer.out)


class _Renderer:
    """Walks the tree of a page once and appends its text to `out`."""

    def __init__(self, non_text_namespaces: frozenset[str]) -> None:
        self.out: list[str] = []
        self._non_text_namespaces = non_text_namespaces

    def nodes(self, nodes: Iterable[Any]) -> None:
        """Append the text of some nodes."""
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
                out.append(character(node))
            elif kind is ExternalLink:
                if node.title is not None:
                    self.nodes(node.title.nodes)
            elif kind is Heading:
                out.append(f"\n\n{HEADING}{node.level}")
                start = len(out)
                self.nodes(node.title.nodes)
                title = "".join(out[start:]).replace("\n", " ")
                out[start:] = [title, "\n\n"]
            elif kind is Argument and node.default is not None:
                self.nodes(node.default.nodes)

    def _link(self, node: Any) -> None:
        title = str(node.title)
        prefix, colon, _ = title.partition(":")
        if colon:
            name = prefix.replace("_", " ").strip().casefold()
            if name in self._non_text_namespaces or name in names.LANGUAGE_CODES:
                return
            if not name:  # [[:Category:Cats]] is an ordinary link
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
        if name in names.DROPPED_TAGS:
            return
        if name in names.BREAK_TAGS:
            out.append("\n")
        if node.self_closing:
            return
        if name in names.PREFORMATTED_TAGS:
            lines = html.unescape(str(node.contents)).strip("\n").split("\n")
            out.append("\n\n" + "\n".join(PREFORMATTED_LINE + line for line in lines) + "\n\n")
            return
        if name in names.TEX_TAGS:
            out.append(formula(str(node.contents)))
            return
        if node.attributes and is_hidden(node):
            return
        if name in ("sup", "sub"):
            text = self._text(node.contents)
            out.append(superscript(text) if name == "sup" else subscript(text))
            return
        if name in names.BLOCK_TAGS:
            out.append("\n\n")
            self.nodes(node.contents.nodes)
            out.append("\n\n")
        else:
            if name in names.ITEM_TAGS:
                out.append("\n" + BULLET)
            self.nodes(node.contents.nodes)

    def _markup(self, node: Any, markup: str) -> None:
        """Append the text of markup without angle brackets: list marks and rules; tables have none."""
        out = self.out
        last = out[-1] if out else "\n"
        if markup in ("*", "#"):
            if last != BULLET:
                out.append(BULLET)
        elif markup == ":":
            # "; term : definition" in one line
            if last and last[-1] != "\n" and last != BULLET:
                out[-1] = last.rstrip(" ")
                out.append(":")
        elif markup.startswith("--"):
            out.append("\n")

    def _template(self, node: Any) -> None:
        """Append the text of a known template; others have no text."""
        name = str(node.name).strip().replace("_", " ").lower()
        if name in names.FIXED_TEMPLATES:
            self.out.append(names.FIXED_TEMPLATES[name])
        elif name in names.FORMATTING_TEMPLATES:
            self._value(node, str(names.FORMATTING_TEMPLATES[name]))
        elif name.startswith(names.LANGUAGE_PREFIX):
            language = names.LANGUAGE_NAMES.get(name.removeprefix(names.LANGUAGE_PREFIX))
            if language and node.has(1):
                self.out.append(f"{language}: ")
            self._value(node, "1")
        elif name in VALUE_TEMPLATES:
            self.out.append(VALUE_TEMPLATES[name](*self._texts(node)))
        elif name.startswith(names.CITATION_PREFIXES):
            self.out.append(citation(self._texts(node)[1]))
        elif name.startswith(names.SOUND_PREFIX) and node.has(1):
            self.out.append(f"[{self._text(node.get(1).value)}]")
        elif name in names.QUOTE_TEMPLATES:
            self.out.append("\n\n")
            self._value(node, "text", "quote", "1")
            self.out.append("\n\n")
        elif name in names.LAST_VALUE_TEMPLATES:
            for value in numbered_values(node)[-1:]:
                self.nodes(value.nodes)
        elif name in names.FRACTION_TEMPLATES:
            if self.out and self.out[-1][-1:].isdecimal():  # 2{{frac|3|4}} is not 23/4
                self.out.append(" ")
            self.out.append(fraction(self._texts(node)[0]))
        elif name.startswith(names.SCRIPT_PREFIX):
            self._value(node, "1")
        elif name.startswith(names.NUMBER_PREFIX):
            self.out.append(grouped(self._text(node.name).partition(":")[2].strip()))
        elif name in names.PRICE_TEMPLATES:
            self.out.append(UNKNOWN_PRICE)

    def _value(self, node: Any, *keys: str) -> None:
        """Append the text of the first of some values that a template has."""
        values = {str(param.name).strip(): param.value for param in node.params}
        for key in keys:
            if key in values:
                self.nodes(values[key].nodes)
                return

    def _text(self, code: Any) -> str:
        """Return the text of some wikitext without appending it."""
        out, self.out = self.out, []
        self.nodes(code.nodes)
        text, self.out = "".join(self.out), out
        return text

    def _texts(self, node: Any) -> tuple[list[str], dict[str, str]]:
        """Return the texts of a template's numbered and named values."""
        values: list[str] = []
        named: dict[str, str] = {}
        for param in node.params:
            text = " ".join(self._text(param.value).split())
            if param.showkey:
                named[str(param.name).strip()] = text
            else:
                values.append(text)
        return values, named
