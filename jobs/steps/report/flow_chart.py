"""The flow from the inputs to the mixture as inline SVG: documents that go on, and those left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from jobs.steps.report.charts import colour
from jobs.steps.report.markup import tag

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
    scale = _HEIGHT / widest
    reasons = max((len(stage.reasons) for stage in stages), default=0)
    width = _STEP * len(stages) + 90
    height = _TOP + _HEIGHT + _DROP + _LINE * (reasons + 1)
    parts = []
    for i, stage in enumerate(stages):
        x, thick, kept = 10 + i * _STEP, stage.before * scale, stage.after * scale
        following = x + _STEP
        parts += [
            tag("text", stage.name, x=x, y=16, class_="name"),
            tag("text", f"{compact(stage.before)} {'documents' if i == 0 else ''}", x=x, y=32),
            tag("rect", x=x, y=_TOP, width=_NODE, height=max(thick, 1), fill="var(--ink)"),
            tag("text", f"{stage.tokens} tokens" if stage.tokens else "", x=x + 30, y=_TOP - 6),
            # kept documents go on at the top
            tag(
                "rect",
                tag("title", f"{stage.name}: {stage.after:,} of {stage.before:,} documents go on"),
                x=x + _NODE,
                y=_TOP,
                width=_STEP - _NODE,
                height=max(kept, 1),
                fill="var(--main)",
                opacity="0.55",
            ),
        ]
        lost = max(thick - kept, 0.0)
        if stage.before > stage.after:
            y, end = _TOP + kept, _TOP + _HEIGHT + 14
            across = min(lost, _STEP - _NODE - 20)
            path = (
                f"M{x + _NODE} {y:.1f} C{x + 45} {y:.1f} {x + 30 + across:.1f} {y:.1f} "
                f"{x + 30 + across:.1f} {end} L{x + 30} {end} "
                f"C{x + 30} {y + lost:.1f} {x + 30} {y + lost:.1f} {x + _NODE} {y + lost:.1f} Z"
            )
            about = f"{stage.name}: {stage.before - stage.after:,} documents are left out"
            parts.append(tag("path", tag("title", about), d=path, fill=colour(0), opacity="0.55"))
            parts.append(
                tag("text", f"−{compact(stage.before - stage.after)}", x=x + 30, y=end + 14)
            )
        for j, (reason, n) in enumerate(stage.reasons, 1):
            label = f"{compact(n)} {_short(reason)}"
            y = _TOP + _HEIGHT + 28 + _LINE * j
            parts.append(tag("text", tag("title", reason), label, x=x, y=y, class_="reason"))
        if i == len(stages) - 1:
            parts += [
                tag(
                    "rect", x=following, y=_TOP, width=_NODE, height=max(kept, 1), fill="var(--ink)"
                ),
                tag("text", compact(stage.after), x=following, y=32),
            ]
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
