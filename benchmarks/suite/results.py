"""Results of the benchmark: costs as ratios, which machines do not change, tables, and comparison."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

STAGES = ("ingest", "paragraphs", "annotate", "dedup", "curate", "mix")

Result = Mapping[str, Any]
"""`pages` (of size 1), `runs` (each with `size`, `cores` and `stages`: seconds by name), `peers`."""


def costs(result: Result) -> dict[str, float]:
    """Return ratios, each of which is better where it is smaller; none for a single size.

    - `start`: processor time of a session with one count, in that of the bare ingest of a page times 1000
    - a stage: processor time that a page adds, in that of bare ingest
    - `curate / copy`, `mix / copy`: what they add, beside Spark that reads and writes their rows
    - `growth`: processor time beyond the start of the largest size, beside the smallest, per page
    - `cores`: wall time of the largest size on most cores, beside one core
    """
    cores = max(run["cores"] for run in result["runs"])
    runs = sorted((run for run in result["runs"] if run["cores"] == cores), key=lambda r: r["size"])
    small, large = runs[0], runs[-1]
    if small["size"] == large["size"]:
        return {}
    unit = _added(small, large, "bare ingest")
    found = {"start": small["stages"]["start"]["processor"] / (unit / result["pages"] * 1000)}
    found |= {name: _added(small, large, name) / unit for name in (*STAGES, "whole")}
    for name in ("curate", "mix"):
        found[f"{name} / copy"] = _added(small, large, name) / _added(small, large, f"bare {name}")
    per_size = [_beyond_start(run) / run["size"] for run in (small, large)]
    found["growth"] = per_size[1] / per_size[0]
    one = [r for r in result["runs"] if r["cores"] == 1 and r["size"] == large["size"]]
    if one and cores > 1:
        walls = [run["stages"]["whole"]["wall"] for run in (large, one[0])]
        found["cores"] = walls[0] / walls[1]
    return {name: round(value, 4) for name, value in found.items()}


def _added(small: Mapping[str, Any], large: Mapping[str, Any], name: str) -> float:
    """Return the processor time that one more size costs, so that fixed costs drop out."""
    first, last = (float(run["stages"][name]["processor"]) for run in (small, large))
    sizes = int(large["size"]) - int(small["size"])
    return max(1e-3, (last - first) / sizes)


def _beyond_start(run: Mapping[str, Any]) -> float:
    stages = run["stages"]
    return float(stages["whole"]["processor"] - stages["start"]["processor"])


def worse(old: Result, new: Result, thresholds: Mapping[str, Mapping[str, float]]) -> list[str]:
    """Return a line for each cost past its threshold.

    Parameters
    ----------
    thresholds
        `growth_of`: new cost over old, at most, by name or `default`; `most`: a cost, at most, by name.
    """
    before, after = costs(old), costs(new)
    lines = []
    for name in [name for name in after if name in before]:
        allowed = thresholds["growth_of"].get(name, thresholds["growth_of"]["default"])
        ratio = after[name] / before[name]
        if ratio > allowed:
            lines.append(
                f"{name}: {before[name]:.3g} became {after[name]:.3g}, {ratio:.2f} of it; at most "
                f"{allowed:g}"
            )
    for name, most in thresholds["most"].items():
        if after.get(name, 0.0) > most:
            lines.append(f"{name}: {after[name]:.3g}; at most {most:g}")
    return lines


def tables(result: Result) -> Iterator[str]:
    """Yield the lines of Markdown tables: seconds by stage, size and cores; costs; peers."""
    runs = result["runs"]
    heads = [f"{run['size']}x, {run['cores']} cores" for run in runs]
    yield f"Processor time and wall time in seconds; 1x are {result['pages']:,} pages."
    yield ""
    yield from _table(
        ["stage", *heads],
        (
            [
                name,
                *(
                    f"{run['stages'][name]['processor']:.1f}, {run['stages'][name]['wall']:.1f}"
                    for run in runs
                ),
            ]
            for name in runs[0]["stages"]
        ),
    )
    ratios = costs(result)
    if ratios:
        yield ""
        yield from _table(["cost", "ratio"], ([name, f"{n:.3g}"] for name, n in ratios.items()))
    if result.get("peers"):
        yield ""
        yield from _table(
            ["peer", "processor time, s", "ours, s", "peer / ours"],
            (
                [
                    name,
                    f"{peer['peer']:.1f}",
                    f"{peer['ours']:.1f}",
                    f"{peer['peer'] / peer['ours']:.2f}",
                ]
                for name, peer in result["peers"].items()
            ),
        )


def _table(head: Sequence[str], rows: Iterator[list[str]]) -> Iterator[str]:
    yield "| " + " | ".join(head) + " |"
    yield "| --- |" + " ---: |" * (len(head) - 1)
    for row in rows:
        yield "| " + " | ".join(row) + " |"
