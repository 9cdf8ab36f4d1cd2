"""From a WET record, the text that Common Crawl made of a page, to a document as CCNet reads it."""

from __future__ import annotations

from udfs.extract.html import Extracted

# What ends a record in an archive. CCNet reads lines, not lengths, so that it is part of the body.
_TERMINATOR = "\r\n\r\n"


def extract(block: bytes) -> Extracted:
    """Return the first line of a record's block as title, and the other lines as text.

    As CCNet's `parse_doc`: each line is stripped, the empty lines that end a record are dropped if
    they are two, and of a block that does not end its last line one stays.
    """
    text = block.decode("utf-8", "replace").replace("\0", "") + _TERMINATOR
    # a text file's lines end in any of the three ways to CCNet, which reads it as one
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")[:-1]
    lines = [line.strip() for line in lines]
    if not lines[-1] and not lines[-2]:
        del lines[-2:]
    title = lines[0] if lines else ""
    return Extracted(title or None, "\n".join(lines[1:]), "utf-8")
