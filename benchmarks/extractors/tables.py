"""Measure what extractors made of pages, and write it as a table of Markdown."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from extractors import measures
from extractors.calls import INSTALL
from extractors.pages import Page
from extractors.processes import Run
from extractors.whole_pages import prose, whole_text

# speeds are also given as multiples of these extractors'
REFERENCES = ("resiliparse", "trafilatura")
_OWN = "main"
_PARTS = 4  # quartiles

Results = dict[str, dict[str, Any]]


def measure(pages: Sequence[Page], runs: Mapping[str, Run]) -> Results:
    """Return the measures of each extractor, by name; those that need an unknown truth are missing."""
    size = sum(len(page.html) for page in pages)
    bodies = [number for number, page in enumerate(pages) if page.body is not None]
    strings = [number for number, page in enumerate(pages) if page.wanted or page.unwanted]
    unknown = not bodies and not strings
    wholes = [whole_text(page.html) for page in pages] if unknown else []
    results: Results = {}
    for name, run in runs.items():
        row: dict[str, Any] = _speeds(run, runs, size) if run.rounds else {}
        row["next_to_empty"] = sum(map(measures.is_next_to_empty, run.texts))
        row["failed"] = len(run.failures)
        if bodies:
            texts = [run.texts[number] for number in bodies]
            truths = [pages[number].body or "" for number in bodies]
            row["articles"] = _score(measures.body_score(texts, truths))
            row["kept_beyond_ascii"] = measures.kept_beyond_ascii(texts, truths)
        if strings:
            wanted = [pages[number].wanted for number in strings]
            unwanted = [pages[number].unwanted for number in strings]
            texts = [run.texts[number] for number in strings]
            row["mixed"] = _score(measures.string_score(texts, wanted, unwanted))
        if unknown:
            row["share_taken"] = _mean(map(measures.share_taken, run.texts, wholes))
        if unknown and _OWN in runs:
            row["agreement"] = _mean(map(measures.agreement, run.texts, runs[_OWN].texts))
        results[name] = row
    return results


def _speeds(run: Run, runs: Mapping[str, Run], size: int) -> dict[str, float]:
    speeds = {"megabytes_a_second": size / 1e6 / run.seconds}
    for reference in REFERENCES:
        if reference in runs:
            speeds[f"speed_over_{reference}"] = runs[reference].seconds / run.seconds
    return speeds


def measure_languages(pages: Sequence[Page], runs: Mapping[str, Run]) -> Results:
    """Return least value and quartiles of the share of a page's prose taken, by language."""
    paragraphs = [prose(page.html) for page in pages]
    results: Results = {}
    for language in sorted({page.language for page in pages}):
        numbers = [
            number
            for number, page in enumerate(pages)
            if page.language == language and paragraphs[number]
        ]
        if numbers:
            results[language] = {"pages": len(numbers)}
            for name, run in runs.items():
                shares = [measures.prose_taken(run.texts[n], paragraphs[n]) for n in numbers]
                results[language][name] = [min(shares), *_quartiles(shares)]
    return results


def _score(score: measures.Score) -> dict[str, float]:
    return {"f1": score.f1, "precision": score.precision, "recall": score.recall}


def _mean(values: Iterable[float]) -> float:
    return statistics.fmean(values)


def _quartiles(values: Sequence[float]) -> list[float]:
    if len(values) == 1:
        return [values[0]] * (_PARTS - 1)
    return statistics.quantiles(values, n=_PARTS, method="inclusive")


def _f1(score: dict[str, float]) -> str:
    return f"{score['f1']:.3f} ({score['precision']:.3f}, {score['recall']:.3f})"


_COLUMNS: dict[str, tuple[str, Callable[[Any], str]]] = {
    "articles": ("articles: F1 (P, R)", _f1),
    "mixed": ("mixed pages: F1 (P, R)", _f1),
    "kept_beyond_ascii": ("beyond ASCII kept", "{:.1%}".format),
    "share_taken": ("share taken", "{:.1%}".format),
    "agreement": ("agreement with `main`", "{:.3f}".format),
    "next_to_empty": ("next to empty", "{}".format),
    "failed": ("failed", "{}".format),
    "megabytes_a_second": ("MB/s", "{:.1f}".format),
    "speed_over_resiliparse": ("times resiliparse", "{:.2f}".format),
    "speed_over_trafilatura": ("times trafilatura", "{:.1f}".format),
}


def table(results: Results, missing: Sequence[str]) -> str:
    """Return the table of the measures, a line for each extractor; `missing` are not installed."""
    rows = list(results.values())
    keys = [key for key in _COLUMNS if any(key in row for row in rows)]
    if not any(row["failed"] for row in rows):
        keys.remove("failed")
    lines = [
        _line(["extractor", *(_COLUMNS[key][0] for key in keys)]),
        _line(["---", *("---:" for _ in keys)]),
    ]
    for name, row in results.items():
        cells = (_COLUMNS[key][1](row[key]) if key in row else "" for key in keys)
        lines.append(_line([name, *cells]))
    for name in missing:
        lines.append(_line([name, f"not installed: {INSTALL}", *("" for _ in keys[1:])]))
    return "\n".join(lines)


def language_table(results: Results, names: Sequence[str]) -> str:
    """Return the table of prose taken, a line for each language."""
    lines = [_line(["language", "pages", *names]), _line(["---", *("---:" for _ in (0, *names))])]
    for language, row in results.items():
        cells = [" ".join(f"{100 * share:.0f}" for share in row[name]) for name in names]
        lines.append(_line([language, str(row["pages"]), *cells]))
    return "\n".join(lines)


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
