"""A document, or the map, as one piece of HTML for a notebook: no server, no script, nothing loaded."""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np
from markupsafe import Markup

from jobs.steps.explore.document import DocumentView
from jobs.steps.explore.filters import Filter
from jobs.steps.explore.map.build import DocumentMap, document_map
from jobs.steps.explore.pages.document import document_parts
from jobs.steps.explore.routes import static
from jobs.steps.explore.state import State
from jobs.steps.report.charts import swatch
from jobs.steps.report.markup import escaped, joined, tag
from schemas.settings.explore import ExploreConfig

_LINK = re.compile(r'<a href="[^"]*"')
_SIDE, _DOT = 640, 3
_COLOURS = 9  # the last is for all other values
_STYLE = ".actions { display: none; }"  # links to views that a frame has not
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def document_html(place: str, id_: str, *, table: str | None = None, height: int = 600) -> str:
    """Return a document of a root, an export or a folder: its text, its numbers and its duplicates.

    Parameters
    ----------
    height
        Height in pixels, above which it scrolls.

    Raises
    ------
    UserError
        There is no such place or document, or DuckDB is not installed.
    """
    state = State(ExploreConfig(place=place, table=table))
    view = DocumentView(state.version(), state.default_table, id_)
    title = view.row["title"] or id_
    return framed(title, document_parts(view, {}), height)


def map_html(
    place: str,
    *,
    table: str | None = None,
    colour: str = "cluster",
    size: int = 5_000,
    model: str | None = None,
) -> str:
    """Return the map of a sample of the documents.

    Parameters
    ----------
    colour
        `cluster`, `slice`, `bucket`, `language` or `license`.
    size, model
        As `explore --map-size` and `--model`.

    Raises
    ------
    UserError
        There is no such place, or it has no documents or no such attribute.
    """
    state = State(ExploreConfig(place=place, table=table))
    version = state.version()
    data = version.dataset(state.default_table)
    if colour != "cluster":
        data.expression(colour)
    map_ = document_map(version.database, data, Filter(data.name), size, model)
    return framed("Map of the documents", map_parts(map_, colour), _SIDE + 120)


def map_parts(map_: DocumentMap, colour: str) -> list[Markup]:
    """Return the drawing of a map and its legend."""
    if colour == "cluster":
        values = [cluster.name for cluster in map_.clusters]
        of = map_.labels % (_COLOURS - 1)  # labels name them, so that colours may repeat
    else:
        names = [row[colour] or "none" for row in map_.rows]
        values = sorted(set(names), key=lambda name: (-names.count(name), name))
        of = np.array([min(values.index(name), _COLOURS - 1) for name in names])
    places = np.round(map_.places * _SIDE, 1)
    dots = [
        tag(
            "path",
            d="".join(f"M{x} {y}h{_DOT}v{_DOT}h-{_DOT}z" for x, y in places[of == number]),
            fill=f"var(--m{number})",
        )
        for number in range(_COLOURS)
        if (of == number).any()
    ]
    drawing = tag(
        "svg",
        *dots,
        *_labels(map_, places),
        viewBox=f"0 0 {_SIDE} {_SIDE}",
        class_="inline-map",
        role="img",
        aria_label=f"Map of {len(map_.rows):,} documents by {colour}",
    )
    shown = values if len(values) <= _COLOURS else [*values[: _COLOURS - 1], "others"]
    legend = [
        tag("li", swatch(f"var(--m{number})"), value)
        for number, value in enumerate(shown if colour != "cluster" else ())
    ]
    return [drawing, tag("ul", *legend, class_="key")]


def _labels(map_: DocumentMap, places: np.ndarray) -> list[Markup]:
    """Return the names of the clusters, the largest first, without those that would lie over another."""
    labels, taken = [], list[tuple[float, float, float]]()
    for number, cluster in enumerate(map_.clusters):
        x, y = np.median(places[map_.labels == number], axis=0)
        half = 3.4 * len(cluster.name)
        x = min(max(x, half), _SIDE - half)
        if any(abs(x - a) < half + b and abs(y - c) < 16 for a, b, c in taken):
            continue
        taken.append((x, half, y))
        labels.append(tag("text", cluster.name, x=f"{x:.1f}", y=f"{y:.1f}", text_anchor="middle"))
    return labels


def framed(title: str, parts: Iterable[object], height: int) -> str:
    """Return parts as a frame that runs nothing, and whose style is its own.

    Links, which lead to pages of the explorer, become text.
    """
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        tag("meta", name="color-scheme", content="light dark"),
        tag("style", Markup(static("explore.css").decode() + _STYLE)),
    )
    body = tag("body", tag("main", tag("h1", tag("bdi", title)), joined(parts, "\n")))
    page = _LINK.sub("<a", f"<!DOCTYPE html>\n{tag('html', head, body, lang='en')}")
    frame = tag(
        "iframe",
        sandbox="",
        srcdoc=escaped(str(page)),
        title=title,
        width="100%",
        height=height,
        style="border: 0",
    )
    return str(tag("div", frame))  # IPython warns of a frame by itself
