"""The state of the reading of a page, and what is rare in it: tables, code, line breaks, what is left out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from udfs.extract.web.blocks import (
    CODE,
    DISPLAY,
    END_CODE,
    END_FORMULA,
    FORMULA,
    Blocks,
    Element,
)
from udfs.extract.web.pieces import LONGEST_ATTRIBUTES, cut, short, skip
from udfs.extract.web.roles import (
    BREAK,
    CELL,
    END_INLINE_CODE,
    END_PRE,
    END_PRE_LINE,
    END_ROW,
    END_TABLE,
    END_TEX,
    FALLBACK,
    INLINE_CODE,
    LINE,
    PRE,
    PRE_LINE,
    PRE_SPAN,
    RAW,
    ROW,
    RULE,
    TABLE,
    TEX,
)
from udfs.extract.web.table_rows import Table

# The rest of a page with more elements or blocks is one block. A model takes half a second for them; of a
# thousand pages one has 17,000 elements
MOST_ELEMENTS = 25_000
_LINE_BREAK = "\0"  # no text of a page has a NUL
_BLANK = ("", "&nbsp;")
_NOTHING = f" {FORMULA}{DISPLAY}{END_FORMULA}{CODE}{END_CODE}"
# links of this length at most that are all of a list item are joined to one block
_LONGEST_LINK = 100
_LONGEST_JOINED = 2000
# what generators of code's pages call the numbers of lines
_LINE_NUMBER = re.compile(
    r'class="[^"]*\b(?:line-?no|line-?nos|line-?numbers?|lnt?|linenumber-?\w*|hljs-ln-numbers)[\s"]'
)
_COPY_BUTTON = re.compile(r"copy|clipboard", re.IGNORECASE)


class Reading:
    """The state of the reading of a page, and the treatment of what is rare.

    Parameters
    ----------
    body
        The page's body, serialised.
    """

    def __init__(self, body: str) -> None:
        self.pieces: Iterator[str] = cut(body)
        self.blocks = Blocks([Element(0, "", "", 0)])
        self.parts: list[str] = []  # of the block that is read
        self.inline = ""
        self.links = self.link_length = 0
        self.in_pre = 0
        self.item = 0  # the element of the last list item that started
        self._link = -2  # the number of the last block if it is a link of a list
        self._line = 0  # the number of parts when the line in `pre` started
        self._tables: list[Table] = []

    def flush(self, number: int) -> None:
        """End a block; `number` is its element's."""
        parts = self.parts
        text = parts[0] if len(parts) == 1 else "".join(parts)
        parts.clear()
        if "&" in text:
            text = (
                text.replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&nbsp;", "\xa0")
                .replace("&amp;", "&")
            )
        if self.in_pre:
            text = text.replace("\xa0", " ").replace(_LINE_BREAK, "\n")
            text = "\n".join([line.rstrip() for line in text.split("\n")]).strip("\n")
        else:
            text = " ".join(text.split())
            if _LINE_BREAK in text:
                text = "\n".join(
                    [line for piece in text.split(_LINE_BREAK) if (line := piece.strip())]
                )
        if text and (text[0] > END_CODE or text.strip(_NOTHING)):
            self._append(text, number)
        self.links = self.link_length = 0
        self.inline = ""

    def _append(self, text: str, number: int) -> None:
        blocks = self.blocks
        elements, texts = blocks.elements, blocks.text
        element = elements[number]
        n = len(texts)
        if (
            self.link_length * 5 >= len(text) * 4
            and len(text) < _LONGEST_LINK
            and element.name == "li"
        ):
            before = self._link
            if (
                before == n - 1
                and elements[blocks.element[before]].parent == element.parent
                and len(texts[before]) < _LONGEST_JOINED
            ):
                texts[before] += "\n" + text.replace("\n", " ")
                blocks.link_length[before] += self.link_length
                blocks.links[before] += self.links
                element.first = before
                return
            if "\n" not in text:
                self._link = n
        elif text[-1] == "¶" and element.name[:1] == "h":
            text = text[:-1].rstrip() or text
        item = elements[self.item]
        blocks.append(
            text,
            number,
            self.link_length,
            self.links,
            self.inline if len(self.inline) < LONGEST_ATTRIBUTES else short(self.inline),
            "• " if item.first == n and item.end < 0 and self.item else "",
        )

    def start(self, role: int, number: int, run: str) -> str:
        """Start a block-level element that is not an ordinary one; return the text after its tag."""
        element = self.blocks.elements[number]
        if role == CELL:
            if self._tables:
                self._tables[-1].start_cell(element.name, element.attributes)
                self.in_pre += self._tables[-1].in_code
        elif role == ROW:
            if self._tables:
                self._tables[-1].start_row()
        elif role == TABLE:
            if self._tables:
                self._tables[-1].nest()
            self._tables.append(Table(self.blocks))
        elif role == PRE:
            self.in_pre += 1
        elif _COPY_BUTTON.search(element.attributes):
            run = self.skip("button", run)
            element.end = len(self.blocks.text)
        return run

    def end(self, role: int, number: int) -> None:
        """End a block-level element that is not an ordinary one."""
        if role == END_PRE:
            self.in_pre -= 1
        elif self._tables:
            table = self._tables[-1]
            if role == END_TABLE:
                self._tables.pop().end(number)
            elif role == END_ROW:
                table.end_row(number)
            elif table.in_code:
                table.in_code = False
                self.in_pre -= 1

    def _end_paragraph(self, number: int) -> None:
        """End a block that has no element of its own."""
        if len(self.blocks.text) < MOST_ELEMENTS:
            self.flush(number)
        self.parts.append(_LINE_BREAK)

    def rare(self, role: int, name: str, attributes: str, number: int, run: str) -> str:
        """Treat a rare tag; return the text after it or after its element."""
        parts = self.parts
        if role == LINE:
            if self.in_pre:
                parts.append("\n")
                return run
            # the second break in a row ends a paragraph
            blank = parts and parts[-1].strip() in _BLANK
            if not parts or parts[-2 if blank and len(parts) > 1 else -1] != _LINE_BREAK:
                parts.append(_LINE_BREAK)
            elif len(parts) > 2:
                self._end_paragraph(number)
        elif role == BREAK:
            parts.append(_LINE_BREAK)
        elif role == RULE:
            self._end_paragraph(number)
        elif role == TEX:
            parts.append(FORMULA + DISPLAY if attributes.startswith("display") else FORMULA)
        elif role == END_TEX:
            parts.append(END_FORMULA)
        elif role == INLINE_CODE:
            parts.append(CODE)
        elif role == END_INLINE_CODE:
            self._end_code()
        elif role == PRE_LINE:
            if parts and parts[-1][-1] != "\n":
                parts.append("\n")
            self._line = len(parts)
        elif role == END_PRE_LINE:
            if len(parts) <= self._line or parts[-1][-1:] != "\n":
                parts.append("\n")
        elif role == PRE_SPAN:
            if _LINE_NUMBER.search(attributes):
                return self.skip(name, run)
            self.inline = self.inline or attributes
        else:
            return self.skip(
                name, run, raw=role == RAW, counts=role == FALLBACK or name == "noscript"
            )
        return run

    def _end_code(self) -> None:
        """End code within a line; code without text is none."""
        parts = self.parts
        blank = 1 if len(parts) > 1 and parts[-1].isspace() else 0
        if parts and parts[-1 - blank] == CODE:
            del parts[-1 - blank]
        elif parts:
            parts.append(END_CODE)

    def skip(self, name: str, run: str, *, raw: bool = False, counts: bool = False) -> str:
        """Pass over an element; `run` is the text after its start tag. Return the text after its end tag."""
        after, size = skip(name, self.pieces, raw=raw)
        if counts:
            self.blocks.unread += len(run) + size
        return after

    def finish(self, number: int) -> Blocks:
        """Return the blocks when the page has ended."""
        if self.parts:
            self.flush(number)
        blocks = self.blocks
        n = len(blocks.text)
        for element in blocks.elements:
            if element.end < 0:
                element.end = n
            if len(element.attributes) > LONGEST_ATTRIBUTES:
                element.attributes = short(element.attributes)
        return blocks
