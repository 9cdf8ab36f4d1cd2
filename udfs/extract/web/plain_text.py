"""Write the content of a page as plain text, a line for each paragraph."""

from __future__ import annotations

from collections.abc import Iterable

from udfs.extract.web.blocks import Blocks


def write(blocks: Blocks, chosen: Iterable[bool]) -> str:
    """Return the text of the chosen blocks."""
    return "\n".join(
        marker + text
        for text, marker, is_chosen in zip(blocks.text, blocks.marker, chosen)
        if is_chosen
    )
