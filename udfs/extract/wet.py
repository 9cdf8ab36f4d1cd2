"""Read a WET record, Common Crawl's plain text of a page, as CCNet does."""

from __future__ import annotations

from udfs.extract.html import Extracted

# The end of a record in an archive. CCNet reads a record up to the next header instead of by its
# length, so that the terminator is part of the body.
_TERMINATOR = "\r\n\r\n"


def extract(block: bytes) -> Extracted:
    """Return the first line of a record's block as the title and the other lines as the text.

    The rule is that of CCNet's `parse_doc`: lines are stripped, and two empty lines at the end of the
    record are dropped. If the block's last line has no line end, one empty line remains.
    """
    text = block.decode("utf-8", "replace").replace("\0", "") + _TERMINATOR
    # CCNet opens the archive as a text file, in which "\r\n", "\r" and "\n" end a line
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")[:-1]
    lines = [line.strip() for line in lines]
    if not lines[-1] and not lines[-2]:
        del lines[-2:]
    title = lines[0] if lines else ""
    return Extracted(title or None, "\n".join(lines[1:]), "utf-8")
