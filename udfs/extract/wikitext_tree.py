"""Render the parsed wikitext of a page as lines, with marks before headings and preformatted text."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
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
from udfs.extract.wiki_templates.table import Edition, edition
from udfs.extract.wikitext_expansion import MAX_PAGE_CHARACTERS, Expander
from udfs.extract.wikitext_marks import (
    BULLET,
    GAP,
    HEADING,
    LOST,
    PREFORMATTED_LINE,
    shielded,
    shielded_code,
)
from udfs.extract.wikitext_nodes import NOT_CHARACTERS, attribute, character, formula, is_hidden
from udfs.extract.wikitext_scripts import subscript, superscript
from udfs.extract.wikitext_tables import rows

_PARSER: Any = Parser  # the library has no type hints
# the end of a paragraph; the mark keeps a blank after it from looking like preformatted text
_PARAGRAPH = f"\n\n{GAP}"
_NOWIKI = re.compile(r"</?nowiki\s*/?>", re.IGNORECASE)
_LINE = f"\n{GAP}"


class Renderer:
    """Walks the tree of a page once and appends its text to `out`.

    Bold and italic marks are kept: the parser is faster, and tolerates more, without parsing them.

    Parameters
    ----------
    namespaces
        Names of file and category namespaces, in addition to `NON_TEXT_NAMESPACES`.
    page_edition
        The edition of the page, which knows its templates.
    keep_tables
        Whether a table's rows become lines, with tabs between the cells.
    templates
        Bodies of the wiki's own templates by their names in lower case.

    Attributes
    ----------
    out
        The text so far, with the marks of `wikitext_marks`.
    frame
        The values of the template whose body is rendered; None outside of templates.
    dropped_tables
        The number of tables that are left out.
    """

    def __init__(
        self,
        namespaces: Iterable[str] = (),
        page_edition: Edition | None = None,
        keep_tables: bool = False,
        templates: Mapping[str, str] | None = None,
    ) -> None:
        self.out: list[str] = []
        self.frame: Mapping[str, str] | None = None
        self.edition = page_edition or edition("en")
        self.dropped_tables = 0
        self._non_text_namespaces = names.NON_TEXT_NAMESPACES.union(
            name.casefold() for name in namespaces
        )
        self._keep_tables = keep_tables
        self._value_characters = 0  # of the values that were put into bodies
        self._expander = Expander(self, templates or {})

    def page(self, wikitext: str) -> str:
        """Return the text of a page with marks."""
        tree = _PARSER().parse(NOT_CHARACTERS.sub("", wikitext), skip_style_tags=True)
        self.nodes(tree.nodes)
        # a line break at the end of a line
        return "".join(self.out).replace(f"{_LINE}\n", _LINE)

    def text(self, code: Any) -> str:
        """Return the text of some wikitext without appending it."""
        out, self.out = self.out, []
        self.nodes(code.nodes)
        text, self.out = "".join(self.out), out
        return text

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
                self._expander.expand(node)
            elif kind is Tag:
                self._tag(node)
            elif kind is HTMLEntity:
                out.append(shielded(character(node)))
            elif kind is ExternalLink:
                if node.title is not None:
                    self.nodes(node.title.nodes)
                else:
                    out.append(GAP)
            elif kind is Heading:
                self._heading(node)
            elif kind is Argument:
                self._argument(node)

    def _heading(self, node: Any) -> None:
        title = self.text(node.title).replace("\n", " ")
        self.out += [f"\n\n{HEADING}{node.level}", title, "\n\n"]

    def _argument(self, node: Any) -> None:
        """Append a value of the template whose body is rendered, or its default."""
        name = str(node.name).strip()
        if self.frame is not None and name in self.frame:
            value = self.frame[name]
            self._value_characters += len(value)
            self.out.append(LOST if self._value_characters > MAX_PAGE_CHARACTERS else value)
        elif node.default is not None:
            self.nodes(node.default.nodes)
        elif self.frame is None:
            self.out.append(shielded(str(node)))

    def _link(self, node: Any) -> None:
        title = str(node.title)
        prefix, colon, _ = title.partition(":")
        if colon:
            name = prefix.replace("_", " ").strip().casefold()
            if name in self._non_text_namespaces or name in names.LANGUAGE_CODES:
                self.out.append(GAP)
                return
            if not name:  # [[:Category:Cats]] is an ordinary link
                title = title[1:]
        if node.text is not None:
            self.nodes(node.text.nodes)
        elif "{" in title:
            self.out.append(self.text(node.title).lstrip(":"))
        else:
            self.out.append(shielded(html.unescape(title)) if "&" in title else title)

    def _tag(self, node: Any) -> None:
        out = self.out
        markup = node.wiki_markup
        name = str(node.tag).strip().lower()
        if name == "table":
            self._table(node)
            return
        if markup:
            self._markup(markup)
            return
        if name in names.DROPPED_TAGS:
            out.append(GAP)
            return
        if name in names.BREAK_TAGS:
            out.append(_LINE)
        if node.self_closing:
            return
        if name in names.PREFORMATTED_TAGS:
            self._preformatted(node)
        elif name in names.TEX_TAGS:
            tex = shielded(formula(self._with_values(node.contents)))
            is_display = attribute(node, "display") == "block"
            out += [_PARAGRAPH, tex, _PARAGRAPH] if is_display else [tex]
        elif name == "nowiki":
            out.append(shielded(html.unescape(str(node.contents))))
        elif node.attributes and is_hidden(node):
            out.append(GAP)
        elif name in names.CODE_TAGS:
            out.append(shielded_code(self.text(node.contents)))
        elif name in ("sup", "sub"):
            text = self.text(node.contents)
            before = out[-1][-1:] if out else ""
            out.append(superscript(text, before) if name == "sup" else subscript(text))
        elif name in names.BLOCK_TAGS:
            out.append(_PARAGRAPH)
            self.nodes(node.contents.nodes)
            out.append(_PARAGRAPH)
        else:
            if name in names.ITEM_TAGS:
                out.append("\n" + BULLET)
            self.nodes(node.contents.nodes)

    def _with_values(self, contents: Any) -> str:
        """Return the source of a formula, with the values of the template that it stands in."""
        source = str(contents)
        return self.text(contents) if self.frame is not None and "{{{" in source else source

    def _preformatted(self, node: Any) -> None:
        """Append the lines of code; within a line, as in a list, code is a part of the line."""
        source = str(node.contents)
        if str(node.tag).strip().lower() == "pre":  # in other code, references are characters
            source = html.unescape(_NOWIKI.sub("", source))
        if attribute(node, "inline") is not None:
            self.out.append(shielded(source.strip()))
            return
        lines = shielded(source).strip("\n").split("\n")
        self.out.append("\n\n" + "\n".join(PREFORMATTED_LINE + line for line in lines) + _PARAGRAPH)

    def _table(self, node: Any) -> None:
        if self._keep_tables:
            self.out += ["\n\n", *rows(node, self.text), _PARAGRAPH]
        else:
            self.dropped_tables += 1
            self.out.append(GAP)

    def _markup(self, markup: str) -> None:
        """Append the text of markup without angle brackets: list marks and rules."""
        out = self.out
        last = out[-1] if out else "\n"
        if markup in ("*", "#"):
            if last != BULLET:
                out.append(BULLET)
        elif markup in (":", ";"):
            # "; term : definition" in one line
            if markup == ":" and last and last[-1] not in ("\n", GAP) and last != BULLET:
                out[-1] = last.rstrip(" ")
                out.append(":")
            elif last != BULLET:
                out.append(GAP)
        elif markup.startswith("--"):
            out.append("\n")
