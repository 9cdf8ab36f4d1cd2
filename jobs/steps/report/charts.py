"""Charts as inline SVG: accessible, without scripts, in the page's light or dark colours.

No plotting library is used: matplotlib fixes the colours when it draws, and would add some 60 MB of
packages; altair draws by scripts in the browser.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from jobs.steps.report.markup import joined, percent, tag

COLOURS = 6
"""Number of colours for reasons; the last is for all other reasons together."""


def colour(index: int) -> str:
    """Return the colour of a reason by its index."""
    return f"var(--c{min(index, COLOURS - 1)})"


def swatch(fill: str) -> Markup:
    """Return a square of a colour, for a legend."""
    square = tag("rect", width="10", height="10", fill=fill)
    return tag("svg", square, viewBox="0 0 10 10", aria_hidden="true")


def share(part: float, whole: float) -> Markup:
    """Return a share of a whole, in percent and as a bar."""
    width = 100 * part / whole if whole else 0.0
    filled = tag("rect", width=f"{width:.2f}%", height="100%", fill="var(--main)")
    return joined([percent(part, whole), tag("svg", filled, class_="bar", aria_hidden="true")])


def stacked(name: str, parts: Sequence[tuple[str, int, str]]) -> Markup:
    """Return the parts of a whole as one bar.

    Parameters
    ----------
    parts
        Label, count and colour of each part.
    """
    whole = sum(count for _, count, _ in parts)
    shares = ", ".join(f"{label} {percent(count, whole)}" for label, count, _ in parts)
    rectangles, start = [], 0.0
    for label, count, fill in parts:
        width = 100 * count / whole if whole else 0.0
        title = tag("title", f"{label}: {count:,} ({percent(count, whole)})")
        # wide enough to be visible
        drawn = max(width, 0.4) if count else 0.0
        rectangles.append(
            tag("rect", title, x=f"{start:.3f}%", width=f"{drawn:.3f}%", height="100%", fill=fill)
        )
        start += width
    return tag("svg", *rectangles, class_="bar", role="img", aria_label=f"{name}: {shares}")


@dataclass(frozen=True)
class Point:
    """A measured share with its confidence interval; `title` is shown under the pointer."""

    x: float
    y: float
    low: float
    high: float
    title: str


@dataclass(frozen=True)
class Curve:
    """A line in the unit square."""

    label: str
    values: Sequence[tuple[float, float]]
    dashed: bool = False


_LEFT, _TOP, _WIDTH, _HEIGHT = 44, 12, 360, 240


def unit_chart(
    title: str,
    axes: tuple[str, str],
    curves: Sequence[Curve],
    points: Sequence[Point],
    limit: tuple[float, str],
) -> Markup:
    """Return curves and points in the unit square.

    Parameters
    ----------
    axes
        Labels of the x axis and the y axis.
    limit
        Position on the x axis, and label, of a vertical line.
    """
    parts = [tag("title", title)]
    for tenth in range(0, 11, 2):
        value = tenth / 10
        x, y = _x(value), _y(value)
        right, bottom = _LEFT + _WIDTH, _TOP + _HEIGHT
        parts += [
            tag("line", x1=_LEFT, x2=right, y1=y, y2=y, class_="grid" if tenth else "axis"),
            tag("text", f"{value:.1f}", x=_LEFT - 6, y=y, text_anchor="end", dy="0.35em"),
            tag("text", f"{value:.1f}", x=x, y=bottom + 17, text_anchor="middle"),
        ]
    parts += [
        tag("line", x1=_LEFT, x2=_LEFT, y1=_TOP, y2=_TOP + _HEIGHT, class_="axis"),
        tag("text", axes[0], x=_x(0.5), y=_TOP + _HEIGHT + 36, text_anchor="middle"),
        tag(
            "text", axes[1], transform=f"translate(11 {_y(0.5)}) rotate(-90)", text_anchor="middle"
        ),
    ]
    x = _x(limit[0])
    side, gap = ("end", -5) if limit[0] > 0.5 else ("start", 5)
    parts += [
        tag("line", x1=x, x2=x, y1=_TOP, y2=_TOP + _HEIGHT, class_="limit"),
        tag("text", limit[1], x=x + gap, y=_TOP + 12, text_anchor=side),
    ]
    for curve in curves:
        line = " ".join(f"{_x(s)},{_y(p)}" for s, p in curve.values)
        label = tag("title", curve.label)
        parts.append(tag("polyline", label, points=line, class_=_kind(curve.dashed)))
    for point in points:
        x = _x(point.x)
        parts += [
            tag("line", x1=x, x2=x, y1=_y(point.low), y2=_y(point.high), class_="error"),
            tag("circle", tag("title", point.title), cx=x, cy=_y(point.y), r=4, class_="point"),
        ]
    box = f"0 0 {_LEFT + _WIDTH + 12} {_TOP + _HEIGHT + 44}"
    return tag("svg", *parts, class_="chart", viewBox=box, role="img", aria_label=title)


def line_key(dashed: bool) -> Markup:
    """Return a piece of a curve, for a legend."""
    line = tag("line", x1=0, x2=28, y1=5, y2=5, class_=_kind(dashed))
    return tag("svg", line, class_="chart wide", viewBox="0 0 28 10", aria_hidden="true")


def point_key() -> Markup:
    """Return a point, for a legend."""
    point = tag("circle", cx=5, cy=5, r=4, class_="point")
    return tag("svg", point, class_="chart", viewBox="0 0 10 10", aria_hidden="true")


def _kind(dashed: bool) -> str:
    return "curve dashed" if dashed else "curve"


def _x(value: float) -> float:
    return round(_LEFT + _WIDTH * value, 1)


def _y(value: float) -> float:
    return round(_TOP + _HEIGHT * (1 - value), 1)
