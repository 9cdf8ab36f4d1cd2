"""The names of the features of a block, in the order of the rows of `features.measure`."""

from __future__ import annotations

from udfs.extract.web.class_words import GROUPS
from udfs.extract.web.elements import STRUCTURE

# how far a block's neighbours are, and the windows around it, in blocks
SHIFTS = (-2, -1, 1, 2)
REACHES = (3, 10)

_TEXT = (
    *("width", "link_share", "links", "stops", "n_stops", "commas", "n_digits", "upper", "signs"),
    *("n_signs", "quotes", "wide", "copyright", "starts", "ends", "copies", "breaks", "marker"),
    *("kind", "cut"),
)
_PLACE = (
    *("depth", "text_before", "prose_before", "from_h1", "inside_top", "from_top_start"),
    *("to_top_end", "d_before", "d_after", "same_before", "same_after"),
)
_CONTAINER = ("prose", "link", "mean", "blocks", "long")
NEIGHBOUR = ("width", "link", "stops", "kind", "sig")
# few, because a model learns pages by heart that it can tell apart
_PAGE = ("width", "prose")
NAMES: tuple[str, ...] = (
    *_TEXT,
    *_PLACE,
    *(f"{size}_{name}" for size in ("small", "large", "parent") for name in _CONTAINER),
    *(f"unit_{name}" for name in ("repeats", "blocks", "link")),
    *(f"sig_{name}" for name in ("count", "share", "mean", "link", "long", "cut")),
    *(f"{name}{by:+d}" for by in SHIFTS for name in NEIGHBOUR),
    *(f"{name}_{reach}" for reach in REACHES for name in ("prose", "link")),
    *(f"page_{name}" for name in _PAGE),
    *(f"path_{group}" for group in GROUPS),
    *(f"own_{group}" for group in GROUPS),
    *(f"in_{name}" for name in STRUCTURE),
)
