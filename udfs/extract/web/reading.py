"""The state of the reading of a page, and what is rare in it: tables, code, line breaks, what is left out."""

from __future__ import annotations

from collections.abc import Iterator

from udfs.extract.web.blocks import (
    CODE,
    DISPLAY,
    END_CODE,
    END_FORMULA,
    FORMULA,
    Blocks,
)
from udfs.extract.web.folding import LINE_BREAK, folded
from udfs.extract.web.pieces import cut, short, skip, skip_raw
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
    SITE,
    TABLE,
    TEX,
    VERBATIM,
    is_copy_button,
    is_line_number,
)
from udfs.extract.web.table_rows import Table

# The rest of a page with more elements or blocks is one block. A model takes half a second for them; of a
# thousand pages one has 17,000 elements
MOST_ELEMENTS = 25_000
_MARKS = {BREAK: LINE_BREAK, END_TEX: END_FORMULA, INLINE_CODE: CODE}
_BLANK = ("", "&nbsp;")
_NOTHING = f" {FORMULA}{DISPLAY}{END_FORMULA}{CODE}{END_CODE}"
# beside so much other text an address is a part of a sentence, though it is a link
_SENTENCE = 50
# links of this length at most that are all of a list item are joined to one block
_LONGEST_LINK = 100
_LONGEST_JOINED = 2000


class Reading:
    """The state of the reading of a page, and the treatment of what is rare.

    Parameters
    ----------
    body
        The page's body, serialised.
    """

    def __init__(self, body: str) -> None:
        self.pieces: Iterator[str] = cut(body)
        self.blocks = Blocks()
        self.parts: list[str] = []  # of the block that is read
        self.inline = ""
        self.links = self.link_length = 0
        self.addresses = 0  # the characters of links whose text is their address
        self.in_pre = 0
        self.item = 0  # the element of the last list item that started
        self._link = -2  # the number of the last block if it is a link of a list
        self._line = 0  # the number of parts when the line in `pre` started
        self._tables: list[Table] = []

    def flush(self, number: int) -> None:
        """End a block; `number` is its element's."""
        text = folded(self.parts, in_pre=self.in_pre > 0)
        self.parts.clear()
        if text and (text[0] > END_CODE or text.strip(_NOTHING)):
            blocks, item, links = self.blocks, self.item, self.links
            if self.addresses and len(text) - self.link_length >= _SENTENCE:
                self.link_length -= self.addresses
            elements = blocks.elements
            if not (self.link_length and self._joins(text, number)):
                if text[-1] == "¶" and elements.name(number)[:1] == "h":
                    text = text[:-1].rstrip() or text
                starts_item = item and elements.first[item] == len(blocks.text)
                blocks.text.append(text)
                blocks.element.append(number)
                blocks.link_length.append(self.link_length)
                blocks.links.append(links)
                blocks.inline.append(short(self.inline) if self.inline else "")
                blocks.marker.append("• " if starts_item and elements.end[item] < 0 else "")
        self.links = self.link_length = self.addresses = 0
        self.inline = ""

    def _joins(self, text: str, number: int) -> bool:
        """Join a block that is a link of a list to the one before if that is one as well."""
        blocks, before = self.blocks, self._link
        elements = blocks.elements
        if (
            self.link_length * 5 < len(text) * 4
            or len(text) >= _LONGEST_LINK
            or elements.name(number) != "li"
        ):
            return False
        n = len(blocks.text)
        if (
            before == n - 1
            and elements.parent[blocks.element[before]] == elements.parent[number]
            and len(blocks.text[before]) < _LONGEST_JOINED
        ):
            blocks.text[before] += "\n" + text.replace("\n", " ")
            blocks.link_length[before] += self.link_length
            blocks.links[before] += self.links
            elements.first[number] = before
            return True
        if "\n" not in text:
            self._link = n
        return False

    def start(self, role: int, number: int, run: str) -> str:
        """Start a block-level element that is not an ordinary one; return the text after its tag."""
        elements = self.blocks.elements
        if role == CELL:
            if self._tables:
                self._tables[-1].start_cell(elements.name(number), elements.attributes(number))
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
        elif is_copy_button(elements.attributes(number)):
            run = self.skip("button", run)
            elements.end[number] = len(self.blocks.text)
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

    def link(self, run: str) -> None:
        """Note text of a link."""
        length = len(run.strip())
        self.link_length += length
        if run.startswith("http"):
            self.addresses += length

    def _end_paragraph(self, number: int) -> None:
        """End a block that has no element of its own."""
        if len(self.blocks.text) < MOST_ELEMENTS:
            self.flush(number)
        self.parts.append(LINE_BREAK)

    def rare(self, role: int, name: str, attributes: str, number: int, run: str) -> str:
        """Treat a rare tag; return the text after it or after its element."""
        parts = self.parts
        if role == LINE:
            if self.in_pre:
                parts.append("\n")
                return run
            # the second break in a row ends a paragraph
            blank = parts and parts[-1].strip() in _BLANK
            if not parts or parts[-2 if blank and len(parts) > 1 else -1] != LINE_BREAK:
                parts.append(LINE_BREAK)
            elif len(parts) > 2:
                self._end_paragraph(number)
        elif role in _MARKS:
            parts.append(_MARKS[role])
        elif role == RULE:
            self._end_paragraph(number)
        elif role == TEX:
            parts.append(FORMULA + DISPLAY if attributes.startswith("display") else FORMULA)
        elif role == END_INLINE_CODE:
            self._end_code()
        elif role == PRE_LINE:
            if parts and parts[-1][-1] != "\n":
                parts.append("\n")
            self._line = len(parts)
        elif role == END_PRE_LINE:
            if len(parts) <= self._line or parts[-1][-1:] != "\n":
                parts.append("\n")
        elif role == SITE:
            if parts:
                self.flush(number)
            if name == "footer" and self.blocks.elements.name(number) == "blockquote":
                self.blocks.has_quoted_footers = True
            after = skip(name, self.pieces)
            self.blocks.site_text += len(run.strip()) + after.size
            self.blocks.site_prose += after.prose
            return after.text
        elif role == VERBATIM:
            self.blocks.has_verbatim = True
        elif role == PRE_SPAN:
            if is_line_number(attributes):
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
        after = (skip_raw if raw else skip)(name, self.pieces)
        if counts:
            self.blocks.unread += len(run) + after.size
        return after.text

    def finish(self, number: int) -> Blocks:
        """Return the blocks when the page has ended."""
        if self.parts:
            self.flush(number)
        n, elements = len(self.blocks.text), self.blocks.elements
        elements.end = [n if end < 0 else end for end in elements.end]
        return self.blocks
