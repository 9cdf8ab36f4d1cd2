"""A plot of wall time by pages as SVG, in the page's light or dark colours."""

from __future__ import annotations

import math
from html import escape
from typing import Any

from suite.results import Result

WIDTH, HEIGHT, MARGIN = 560, 320, 56
_COLOURS = ("#2266aa", "#cc6622", "#338855", "#885599")
_STYLE = (
    "text{font:12px sans-serif;fill:#333}line{stroke:#999}"
    "@media(prefers-color-scheme:dark){text{fill:#ddd}}"
)


def svg(result: Result) -> str:
    """Return wall time of the whole over the number of pages, both in logarithms, a line for each cores."""
    points: dict[int, list[tuple[float, float]]] = {}
    for run in sorted(result["runs"], key=lambda run: run["size"]):
        point = (run["size"] * result["pages"], run["stages"]["whole"]["wall"])
        points.setdefault(run["cores"], []).append(point)
    every = [point for line in points.values() for point in line]
    across = _Scale([x for x, _ in every], MARGIN, WIDTH - MARGIN)
    up = _Scale([y for _, y in every], HEIGHT - MARGIN, MARGIN)
    parts = [f"<style>{_STYLE}</style>", *_axes(across, up, every)]
    for colour, (cores, line) in zip(_COLOURS, sorted(points.items()), strict=False):
        path = " ".join(f"{across(x):.1f},{up(y):.1f}" for x, y in line)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [
            f'<circle cx="{across(x):.1f}" cy="{up(y):.1f}" r="3" fill="{colour}"/>'
            for x, y in line
        ]
        x, y = line[-1]
        name = "1 core" if cores == 1 else f"{cores} cores"
        parts.append(_text(across(x) - 6, up(y) - 8, name, "end"))
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="Wall time by pages">\n{body}\n</svg>\n'
    )


class _Scale:
    """A logarithmic scale from the values to coordinates between two bounds."""

    def __init__(self, values: list[float], first: float, last: float) -> None:
        self._low = math.log(min(values))
        self._span = (math.log(max(values)) - self._low) or 1.0
        self._first, self._length = first, last - first

    def __call__(self, value: float) -> float:
        return self._first + self._length * (math.log(value) - self._low) / self._span


def _axes(across: _Scale, up: _Scale, every: list[tuple[float, float]]) -> list[str]:
    bottom, left = HEIGHT - MARGIN + 12, MARGIN - 12
    parts = [
        f'<line x1="{left}" y1="{bottom}" x2="{WIDTH - MARGIN}" y2="{bottom}"/>',
        f'<line x1="{left}" y1="{MARGIN}" x2="{left}" y2="{bottom}"/>',
        _text(WIDTH / 2, HEIGHT - 8, "pages", "middle"),
        _text(left, MARGIN - 16, "seconds, WARC to mixture", "start"),
    ]
    parts += [_text(across(x), bottom + 16, f"{x:,.0f}", "middle") for x in {x for x, _ in every}]
    bounds = {min(y for _, y in every), max(y for _, y in every)}
    return parts + [_text(left - 6, up(y) + 4, f"{y:.0f}", "end") for y in bounds]


def _text(x: float, y: float, text: Any, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(str(text))}</text>'
