"""The flow from the inputs to the mixture as inline SVG: documents that go on, and those left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from jobs.steps.report.charts import colour
from jobs.steps.report.markup import joined, tag

_HEIGHT = 200  # of the widest band
_STEP, _NODE, _TOP = 150, 10, 54
_DROP = 60  # how far a band of left out tokens goes down
_LINE = 14


@dataclass(frozen=True)
class Stage:
    """A stage of the flow.

    Attributes
    ----------
    before, after
        Documents in and out.
    tokens
        Tokens out, as shown; empty where they are not known.
    reasons
        The largest reasons of drops, with their documents.
    """

    name: str
    before: int
    after: int
    tokens: str
    reasons: Sequence[tuple[str, int]]


def flow_chart(stages: Sequence[Stage]) -> Markup:
    """Return the picture: a band from stage to stage, and one down from each for what it leaves out."""
    widest = max((stage.before for stage in stages), default=0) or 1.0
    parts = [_stage(i, stage, _HEIGHT / widest) for i, stage in enumerate(stages)]
    if stages:
        x, last = 10 + len(stages) * _STEP, stages[-1].after
        parts += [_node(x, last * _HEIGHT / widest), tag("text", compact(last), x=x, y=32)]
    width = _STEP * len(stages) + 90
    lines = max((len(stage.reasons) for stage in stages), default=0) + 1
    height = _TOP + _HEIGHT + _DROP + _LINE * lines
    words = "; ".join(
        f"{stage.name} {stage.before:,} to {stage.after:,} documents" for stage in stages
    )
    svg = tag(
        "svg",
        *parts,
        class_="chart flow",
        viewBox=f"0 0 {width} {height}",
        width=width,
        height=height,
        role="img",
        aria_label=words,
    )
    return tag(
        "div", svg, class_="scroll", role="region", aria_label="Flow of documents", tabindex="0"
    )


def _stage(i: int, stage: Stage, scale: float) -> Markup:
    """Return a stage: its name and node, the band that goes on, and what is left out below."""
    x, kept = 10 + i * _STEP, stage.after * scale
    title = tag("title", f"{stage.name}: {stage.after:,} of {stage.before:,} documents go on")
    band = {"width": _STEP - _NODE, "height": max(kept, 1), "fill": "var(--main)", "opacity": 0.55}
    parts = [
        tag("text", stage.name, x=x, y=16, class_="name"),
        tag("text", f"{compact(stage.before)} {'' if i else 'documents'}", x=x, y=32),
        tag("text", f"{stage.tokens} tokens", x=x + 30, y=_TOP - 6) if stage.tokens else None,
        _node(x, stage.before * scale),
        tag("rect", title, x=x + _NODE, y=_TOP, **band),
    ]
    if stage.before > stage.after:
        parts.append(_left_out(x, stage, kept, (stage.before - stage.after) * scale))
    for line, (reason, n) in enumerate(stage.reasons, 1):
        label = f"{compact(n)} {_short(reason)}"
        y = _TOP + _HEIGHT + 28 + _LINE * line
        parts.append(tag("text", tag("title", reason), label, x=x, y=y, class_="reason"))
    return tag("g", *parts)


def _node(x: float, height: float) -> Markup:
    return tag("rect", x=x, y=_TOP, width=_NODE, height=max(height, 1), fill="var(--ink)")


def _left_out(x: float, stage: Stage, kept: float, lost: float) -> Markup:
    """Return the band that leaves below the kept one and goes down, and its number of documents."""
    n = stage.before - stage.after
    top, bottom, end = _TOP + kept, _TOP + kept + lost, _TOP + _HEIGHT + 14
    inner, outer = x + 30, x + 30 + min(lost, _STEP - _NODE - 20)
    path = (
        f"M{x + _NODE} {top:.1f} C{x + 45} {top:.1f} {outer:.1f} {top:.1f} {outer:.1f} {end} "
        f"L{inner} {end} C{inner} {bottom:.1f} {inner} {bottom:.1f} {x + _NODE} {bottom:.1f} Z"
    )
    title = tag("title", f"{stage.name}: {n:,} documents are left out")
    return joined(
        [
            tag("path", title, d=path, fill=colour(0), opacity=0.55),
            tag("text", f"−{compact(n)}", x=inner, y=end + 14),
        ]
    )


def compact(n: float) -> str:
    """Return a number in three digits and a unit.

    >>> [compact(n) for n in (7, 999, 1234, 56_789, 4.5e9)]
    ['7', '999', '1.23k', '56.8k', '4.5B']
    """
    for size, unit in ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k")):
        if abs(n) >= size:
            return f"{n / size:.3g}{unit}"
    return f"{n:.3g}"


def _short(reason: str, most: int = 20) -> str:
    name = reason.partition(":")[2] or reason
    return name if len(name) <= most else name[: most - 1] + "…"
