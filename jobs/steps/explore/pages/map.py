"""The page of the map, and what its script draws."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import orjson
from markupsafe import Markup

from jobs.steps.explore.filters import Filter, Params
from jobs.steps.explore.maps import Making
from jobs.steps.explore.pages import filter_form
from jobs.steps.explore.pages.layout import choice, link, page
from jobs.steps.explore.state import State, Version
from jobs.steps.report.markup import tag

if TYPE_CHECKING:
    from jobs.steps.explore.map.build import DocumentMap

_STEPS = 65_535  # places are whole numbers up to this
_KEYS = (
    "With the keyboard: arrow keys move the circle, + and - change its size, Enter selects the "
    "documents in it, Escape clears the selection. With the mouse: draw around documents; then the "
    "wheel zooms, and Shift moves."
)


def map_page(state: State, params: Params) -> str:
    """Return the page of the map of the documents that pass the filters of an address.

    Raises
    ------
    UserError
        The address names a table or a column that does not exist.
    """
    version = state.version()
    chosen = Filter.read(params, state.default_table)
    data = version.dataset(chosen.table)
    chosen.where(data)  # a filter of another table ends here and not in the background
    colours = [("cluster", "cluster"), *((name, name) for name in data.shown_attributes)]
    body = [
        tag("h1", f"Map of {data.name}/" if version.place.is_root else "Map"),
        filter_form.active(chosen, "/map"),
        tag("p", "The map is made…", id="status", role="status"),
        tag(
            "div",
            _view(colours),
            _lists(),
            class_="map",
            id="map",
            data_from=f"/map/data?{chosen.query()}",
            data_table=chosen.table,
        ),
        tag("p", link("the documents as a list", "/", chosen.query())),
    ]
    return page("Map", state.name, body, current="/map", script="map.js")


def _view(colours: list[tuple[str, str]]) -> Markup:
    """Return the canvas with its tools."""
    canvas = tag(
        "canvas",
        id="canvas",
        tabindex="0",
        role="application",
        aria_label="Map of the documents",
        aria_describedby="keys",
    )
    buttons = [
        tag("button", text, type="button", id=f"zoom-{name}", class_="plain")
        for name, text in (("in", "Zoom in"), ("out", "Zoom out"), ("all", "Whole map"))
    ]
    return tag(
        "div",
        tag("div", choice("Colour", "colour", colours, "cluster"), *buttons, class_="tools"),
        tag("div", canvas, tag("p", id="tip", aria_hidden="true"), class_="canvas"),
        tag("ul", id="legend", class_="key"),
        tag("p", _KEYS, id="keys", class_="soft"),
        class_="view",
    )


def _lists() -> Markup:
    """Return the lists that the script fills."""
    return tag(
        "div",
        tag("h2", "Selected"),
        tag("p", "Nothing yet.", id="selected", role="status"),
        tag("ol", id="list", class_="list"),
        tag("h2", "Clusters"),
        tag("ul", id="clusters", class_="list"),
        class_="lists",
    )


def map_data(state: State, params: Params) -> bytes:
    """Return the map as JSON, or how far it is.

    Raises
    ------
    UserError
        As for the page.
    """
    version = state.version()
    chosen = Filter.read(params, state.default_table)
    chosen.where(version.dataset(chosen.table))
    making = map_of(state, version, chosen)
    if making.error is not None:
        return orjson.dumps({"error": making.error})
    if making.result is None:
        return orjson.dumps({"line": making.line})
    return orjson.dumps({**as_json(making.result), "model": state.config.model is not None})


def map_of(state: State, version: Version, chosen: Filter) -> Making:
    """Return the map of a set of filters, which may still be made."""
    # scipy takes half a second
    from jobs.steps.explore.map.build import document_map

    def make(report: Callable[[str], None]) -> DocumentMap:
        data, config = version.dataset(chosen.table), state.config
        return document_map(version.database, data, chosen, config.map_size, config.model, report)

    return version.maps.get(chosen.query(), make)


def as_json(document_map: DocumentMap) -> dict[str, Any]:
    """Return a map as the script reads it: columns, and whole numbers for places and values."""
    places = (document_map.places * _STEPS).astype(int)
    attributes: dict[str, Any] = {}
    for name in document_map.attributes:
        counts: dict[str, int] = {}
        for row in document_map.rows:
            value = row[name] or "none"
            counts[value] = counts.get(value, 0) + 1
        values = sorted(counts, key=lambda value: (-counts[value], value))
        numbers = {value: number for number, value in enumerate(values)}
        attributes[name] = {
            "values": values,
            "of": [numbers[row[name] or "none"] for row in document_map.rows],
        }
    attributes["cluster"] = {
        "values": [cluster.name for cluster in document_map.clusters],
        "of": document_map.labels.tolist(),
    }
    return {
        "steps": _STEPS,
        "x": places[:, 0].tolist(),
        "y": places[:, 1].tolist(),
        "ids": [row["id"] for row in document_map.rows],
        "titles": [
            " ".join((row["title"] or "").split()) or row["id"] for row in document_map.rows
        ],
        "attributes": attributes,
    }
