"""Box plots as inline SVG: quantiles of several groups on one axis."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from jobs.steps.report.markup import tag

_LABEL, _WIDTH, _ROW, _AXIS = 70, 240, 18, 16

Group = tuple[str, Sequence[float], str]
"""Label, the quantiles of 5, 25, 50, 75 and 95 %, and the colour."""


def boxes(title: str, groups: Sequence[Group]) -> Markup:
    """Return a figure with a box for each group: line, box and stroke are its five quantiles."""
    low = min(quantiles[0] for _, quantiles, _ in groups)
    high = max(quantiles[-1] for _, quantiles, _ in groups)
    spread = (high - low) or 1.0

    def x(value: float) -> float:
        return round(_LABEL + _WIDTH * (value - low) / spread, 1)

    parts = []
    for i, (label, quantiles, colour) in enumerate(groups):
        y = i * _ROW + _ROW / 2
        least, lower, median, upper, most = map(x, quantiles)
        about = f"{label}: " + ", ".join(f"{value:,.4g}" for value in quantiles)
        parts += [
            tag("text", label, x=_LABEL - 6, y=y, dy="0.35em", text_anchor="end"),
            tag("line", x1=least, x2=most, y1=y, y2=y, stroke=colour, stroke_width=1.5),
            tag(
                "rect",
                tag("title", about),
                x=lower,
                y=y - 5,
                width=max(upper - lower, 1),
                height=10,
                fill=colour,
            ),
            tag("line", x1=median, x2=median, y1=y - 7, y2=y + 7, class_="median"),
        ]
    bottom = len(groups) * _ROW
    for value, anchor in ((low, "start"), (high, "end")):
        parts.append(tag("text", f"{value:,.4g}", x=x(value), y=bottom + 12, text_anchor=anchor))
    box = f"0 0 {_LABEL + _WIDTH + 8} {bottom + _AXIS}"
    described = "; ".join(f"{label} {quantiles[2]:,.4g}" for label, quantiles, _ in groups)
    svg = tag(
        "svg",
        *parts,
        class_="chart boxes",
        viewBox=box,
        role="img",
        aria_label=f"{title}: {described}",
    )
    return tag("figure", tag("figcaption", title), svg)
