"""Charts whose bars are links to the documents that they count."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from jobs.steps.explore.dataset import ATTRIBUTES
from jobs.steps.explore.filters import Filter
from jobs.steps.explore.pages.layout import link
from jobs.steps.explore.queries import Bin, Counts
from jobs.steps.report.markup import details, joined, tag

_FIRST = 8  # bars of a chart; the others are folded
_WIDTH, _HEIGHT = 480, 120
TITLES = {
    "slice": "Slices",
    "bucket": "Buckets",
    "language": "Languages",
    "license": "Licences",
    "year": "Years",
    "domain": "Domains",
}


def charts(counts: Counts, chosen: Filter, more: dict[str, str]) -> Markup:
    """Return a chart for each attribute that the documents have."""
    return joined(
        _bars(name, groups, counts.total, chosen, more)
        for name, groups in counts.groups.items()
        if any(value is not None for value, _ in groups)
    )


def _bars(
    name: str,
    groups: Sequence[tuple[str | None, int]],
    total: int,
    chosen: Filter,
    more: dict[str, str],
) -> Markup:
    most = max(n for _, n in groups)
    items = [_bar(name, value, n, most, total, chosen, more) for value, n in groups]
    first, others = items[:_FIRST], items[_FIRST:]
    if name == "year":  # in the order of the years, with the fewest documents folded
        by_count = sorted(range(len(groups)), key=lambda i: -groups[i][1])
        first = [items[i] for i in sorted(by_count[:_FIRST])]
        others = [items[i] for i in sorted(by_count[_FIRST:])]
    if len(others) == 1:
        first, others = items, []
    title = f"chart-{name}"
    return tag(
        "section",
        tag("h3", TITLES[name], id=title),
        tag("ul", *first, class_="bars"),
        details(f"{len(others)} more", tag("ul", *others, class_="bars")) if others else None,
        class_="chart-of",
        aria_labelledby=title,
    )


def _bar(
    name: str,
    value: str | None,
    n: int,
    most: int,
    total: int,
    chosen: Filter,
    more: dict[str, str],
) -> Markup:
    text = value or "none"
    is_chosen = False
    if name in ATTRIBUTES:
        is_chosen = (value or "") in chosen.values.get(name, ())
        target = chosen.with_value(name, value or "")
    elif name == "year":
        target = _with_texts(chosen, {"since": text, "until": text}) if value else chosen
    else:
        target = _with_texts(chosen, {"domain": text}) if value else chosen
    filled = tag("rect", width=f"{100 * n / most:.2f}%", height="100%", fill="var(--main)")
    content = joined(
        [
            tag("span", "✓ " if is_chosen else None, tag("bdi", text), class_="value"),
            tag("span", f"{n:,}", class_="n"),
            tag("svg", filled, class_="bar", aria_hidden="true"),
        ]
    )
    share = f"{100 * n / total:.1f} %" if total else ""
    return tag(
        "li",
        link(
            content,
            "/",
            target.query(**more),
            title=f"{text}: {n:,} documents, {share}",
            aria_current="true" if is_chosen else None,
        ),
    )


def _with_texts(chosen: Filter, texts: dict[str, str]) -> Filter:
    return Filter(chosen.table, {**chosen.texts, **texts}, chosen.values, chosen.ranges)


def histogram(signal: str, bins: Sequence[Bin], chosen: Filter, more: dict[str, str]) -> Markup:
    """Return the bars of a signal; each is a link to the documents in its range."""
    if not bins:
        return tag("p", f"No document here has a number for {signal}.", class_="soft")
    most = max(bar.n for bar in bins) or 1
    width = _WIDTH / len(bins)
    bars = []
    for i, bar in enumerate(bins):
        height = max(2.0, (_HEIGHT - 4) * bar.n / most) if bar.n else 0.0
        label = f"{signal} {bar.low:,.6g} to {bar.high:,.6g}: {bar.n:,} documents"
        shape = joined(
            [
                tag("title", label),
                # the whole height takes the pointer
                tag(
                    "rect", x=f"{i * width:.2f}", width=f"{width:.2f}", height=_HEIGHT, class_="hit"
                ),
                tag(
                    "rect",
                    x=f"{i * width + 1:.2f}",
                    y=f"{_HEIGHT - height:.2f}",
                    width=f"{max(1.0, width - 2):.2f}",
                    height=f"{height:.2f}",
                    class_="column",
                ),
            ]
        )
        target = chosen.with_range(signal, bar.low, bar.high)
        bars.append(link(shape, "/", target.query(**more), aria_label=label) if bar.n else None)
    chart = tag(
        "svg",
        *bars,
        viewBox=f"0 0 {_WIDTH} {_HEIGHT}",
        preserveAspectRatio="none",
        class_="histogram",
        role="group",
        aria_label=f"Documents by {signal}",
    )
    ends = tag(
        "p",
        tag("span", f"{bins[0].low:,.6g}"),
        tag("span", f"{bins[-1].high:,.6g}"),
        class_="ends soft",
    )
    return joined([chart, ends])
