"""Expand the templates of a page: by the tables of its edition, within limits of depth, count and size."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Protocol

from mwparserfromhell.parser import Parser

from udfs.extract.wiki_templates.call import Call
from udfs.extract.wiki_templates.functions import FUNCTIONS
from udfs.extract.wiki_templates.table import Edition
from udfs.extract.wikitext_functions import FUNCTIONS as PARSER_FUNCTIONS
from udfs.extract.wikitext_functions import FunctionCall, UnknownValueError
from udfs.extract.wikitext_guesses import unknown
from udfs.extract.wikitext_lookup import lookup
from udfs.extract.wikitext_marks import BLANKS, END_GUESS, GAP, GUESS, LOST, UNKNOWN_PRICE

MAX_DEPTH = 30
"""Templates within templates; MediaWiki has 100, and 40 in older releases."""
MAX_EXPANSIONS = 50_000
"""Templates of a page that are expanded; further ones have no text."""
MAX_CHARACTERS = 200_000
"""Characters of one expansion; a larger one has no text."""
MAX_PAGE_CHARACTERS = 1 << 23
"""Characters of all expansions of a page."""

_PARSER: Any = Parser  # the library has no type hints
_ONE_VALUE = re.compile(r"\{\{\{([^{}|]+)\|?\}\}\}")
_QUOTATION = re.compile(r"<(?:blockquote|poem)\b", re.IGNORECASE)
_GUESS_MARKS = re.compile(f"[{GUESS}{END_GUESS}]")
_COMPARISON = re.compile(r"(?<=[\s}\d)])[<>](?==?[ \t]*[-\d{(.])")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


class PageRenderer(Protocol):
    """Renders the nodes of a page."""

    out: list[str]
    frame: Mapping[str, str] | None

    @property
    def edition(self) -> Edition:
        """The edition of the page."""

    def nodes(self, nodes: Any) -> None:
        """Append the text of some nodes."""

    def text(self, code: Any) -> str:
        """Return the text of parsed wikitext."""


class Expander:
    """Appends the text of a page's templates.

    Parameters
    ----------
    renderer
        The page.
    templates
        Bodies of the wiki's own templates by their names in lower case.
    """

    def __init__(self, renderer: PageRenderer, templates: Mapping[str, str]) -> None:
        self._renderer = renderer
        self._templates = templates
        self._open: list[str] = []  # templates of the wiki that are expanded now
        self._depth = 0
        self._expansions = 0
        self._characters = 0

    def expand(self, node: Any) -> None:
        """Append a template's text; a mark where it has none or its text is unknown."""
        out = self._renderer.out
        self._expansions += 1
        if self._expansions > MAX_EXPANSIONS or self._depth > MAX_DEPTH:
            out.append(LOST)
            return
        self._depth += 1
        try:
            self._expand(node)
        finally:
            self._depth -= 1

    def _expand(self, node: Any) -> None:
        out = self._renderer.out
        title = str(node.name)
        if "{" in title:
            title = self._renderer.text(node.name)
        elif "<" in title:
            title = _COMMENT.sub("", title)
        title = title.strip().replace("_", " ")
        name = title.lower()
        function, colon, first = title.partition(":")
        if colon and function.lower() in PARSER_FUNCTIONS:
            self._function(function.lower(), first, node)
            return
        if colon and function.isupper():  # DEFAULTSORT: and its like in the editions
            out.append(GAP)
            return
        if self._own_template(name, node):
            return
        entry = lookup(title, self._renderer.edition, bool(node.params))
        if entry is None:
            out.extend(unknown(name, node.params, out, self._renderer.text))
            return
        body, page_edition, option = entry
        if not body:
            out.append(GAP)
        elif match := _ONE_VALUE.fullmatch(body):
            self._value(node, match[1])
        elif body.startswith("@"):
            values, named = self._values(node)
            call = Call(values, named, page_edition, title, option)
            text = FUNCTIONS[body[1:]](call)
            # 2{{frac|3|4}} is not 23/4
            is_after_digit = text[:1].isdecimal() and "".join(out[-1:])[-1:].isdecimal()
            self._append(f" {text}" if body == "@fraction" and is_after_digit else text)
        else:
            self._frame(body, node)

    def _function(self, function: str, first: str, node: Any) -> None:
        renderer = self._renderer
        try:
            call = FunctionCall(renderer, first, node.params)
            self._append(PARSER_FUNCTIONS[function](call))
        except UnknownValueError:
            renderer.out.append(UNKNOWN_PRICE if UNKNOWN_PRICE in first else LOST)

    def _value(self, node: Any, key: str) -> None:
        """Append the value of a template that a name or number has."""
        for param in reversed(node.params):
            if str(param.name).strip() == key:
                self._renderer.nodes(param.value.nodes)
                return
        self._renderer.out.append(GAP)

    def _values(self, node: Any) -> tuple[list[str], dict[str, str]]:
        """Return the texts of a template's numbered and named values, in one line each."""
        values: list[str] = []
        named: dict[str, str] = {}
        for param in node.params:
            text = " ".join(self._renderer.text(param.value).split())
            if not param.showkey:
                values.append(text)
                continue
            key = str(param.name).strip()
            if key == str(len(values) + 1):
                values.append(text)
            else:
                named[key] = text
        return values, named

    def _own_template(self, name: str, node: Any) -> bool:
        """Append the text of a template that the wiki itself has; return whether it has one.

        What the edition's table computes, leaves out or takes from one value is left to the table, and
        so is a template of which a part is not known here.
        """
        body = self._templates.get(name)
        if body is None or name in self._open:
            return False
        known = self._renderer.edition.body(name)
        if known is not None and (known[:1] in ("", "@") or _ONE_VALUE.fullmatch(known)):
            return False
        if not body:
            if known is None:
                self._renderer.out.append(GAP)
            return known is None
        self._open.append(name)
        try:
            text = self._framed(body, node)
        finally:
            self._open.pop()
        if "{{" in text:  # a body with unclosed braces
            text = LOST
        if LOST in text and known is not None:
            return False
        text = text.strip()
        if "\n" in text and not _QUOTATION.search(body):
            text = GAP  # a box, or a list beside the text
        elif not self._open and "\n" not in text:
            text = f"{GUESS}{_GUESS_MARKS.sub('', text)}{END_GUESS}"
        self._append(text)
        return True

    def _frame(self, body: str, node: Any) -> None:
        """Append the text of a template's body with its values."""
        self._append(self._framed(body, node))

    def _framed(self, body: str, node: Any) -> str:
        """Return the text of a template's body with its values."""
        renderer = self._renderer
        frame: dict[str, str] = {}
        for param in node.params:
            text = renderer.text(param.value)
            frame[str(param.name).strip()] = text.strip(BLANKS) if param.showkey else text
        outer, renderer.frame = renderer.frame, frame
        try:
            return renderer.text(_parsed(body))
        finally:
            renderer.frame = outer

    def _append(self, text: str) -> None:
        self._characters += len(text)
        if len(text) > MAX_CHARACTERS or self._characters > MAX_PAGE_CHARACTERS:
            text = LOST
        self._renderer.out.append(text or GAP)


@lru_cache(maxsize=4096)
def _parsed(body: str) -> Any:
    if "expr:" in body:  # the parser takes no < and > in the name of a template or function
        body = _COMPARISON.sub(lambda match: "&lt;" if match[0] == "<" else "&gt;", body)
    return _PARSER().parse(body, skip_style_tags=True)
