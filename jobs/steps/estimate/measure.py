"""Measure the stages of a run over a part of a sample, in a root of its own."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from jobs.runtime.context import Context
from jobs.runtime.processes import processor_seconds
from jobs.runtime.stage_metrics import StageMetrics, StageSums
from jobs.steps.estimate.sample import Part, Source
from jobs.tables.runs import Record
from schemas.errors import UserError
from schemas.settings.ingest import IngestConfig
from schemas.settings.mix import MixConfig
from schemas.tables import TABLES

Step = tuple[str, Any]
"""A job and its settings."""

RunStep = Callable[[str, Any, Context], list[Record]]
"""Runs a job with its settings; returns its records."""

_ALL_QUARANTINED = (
    1.0  # a piece of an input ends within a record, which a small ingest would not bear
)


@dataclass(frozen=True)
class Measurement:
    """What a stage took over a part.

    Attributes
    ----------
    size
        Bytes of the inputs as stored, for `ingest`; else characters in documents/.
    processor_seconds
        Of this process, Java and the Python workers.
    sums
        Of the stage's Spark stages.
    table_bytes
        Bytes of the tables that the stage has published.
    """

    stage: str
    size: float
    documents: int
    processor_seconds: float
    seconds: float
    sums: StageSums
    table_bytes: Mapping[str, int]


@dataclass(frozen=True)
class Run:
    """A run over parts of a sample.

    Attributes
    ----------
    bytes
        Of the parts as stored.
    expected_characters
        Characters of all documents, if the sources have as many a byte as their parts.
    """

    stages: tuple[Measurement, ...]
    bytes: int
    expected_characters: float


@dataclass(frozen=True)
class Whole:
    """The run that an estimate is for: its steps, the sources of its ingests, and their stages' names."""

    steps: Sequence[Step]
    sources: Sequence[Source]

    @property
    def bytes(self) -> int:
        """Bytes of all inputs, as stored."""
        return sum(source.bytes for source in self.sources)


def stages(steps: Sequence[Step]) -> list[str]:
    """Return a name for each step; ingests that read the same slice are numbered."""
    names: list[str] = []
    for job, settings in steps:
        name = f"{job} {settings.slice}" if job == "ingest" else job
        before = sum(known.partition(" #")[0] == name for known in names)
        names.append(f"{name} #{before + 1}" if before else name)
    return names


def measure(whole: Whole, parts: Sequence[Part], context: Context, run_step: RunStep) -> Run:
    """Run all steps over a part of each source in the root of a context, and measure each."""
    metrics = StageMetrics(context.spark)
    context.out = io.StringIO()
    context.scale = whole.bytes / max(1, sum(part.bytes for part in parts))
    found: list[Measurement] = []
    characters: list[int] = []
    for number, (job, given) in enumerate(whole.steps):
        settings = replace(given, root=context.root)
        size: float = sum(characters)
        if job == "ingest":
            settings, size = _ingest(settings, parts[number]), parts[number].bytes
        elif job == "mix":
            settings = _budget(settings, size, _expected_characters(whole, parts, characters))
        before = {name: _bytes(context, name) for name in TABLES}
        began, cpu = time.monotonic(), processor_seconds()
        records = (
            mix(settings, context, run_step) if job == "mix" else run_step(job, settings, context)
        )
        used, seconds = processor_seconds() - cpu, time.monotonic() - began
        if job == "ingest":
            characters.append(sum(record.characters_out or 0 for record in records))
        grown = {name: _bytes(context, name) - before[name] for name in TABLES}
        found.append(
            Measurement(
                stage=stages(whole.steps)[number],
                size=size,
                documents=sum(record.rows_in for record in records),
                processor_seconds=used,
                seconds=seconds,
                sums=metrics.read(),
                table_bytes={name: n for name, n in grown.items() if n},
            )
        )
    expected = _expected_characters(whole, parts, characters)
    return Run(tuple(found), sum(part.bytes for part in parts), expected)


def _ingest(settings: IngestConfig, part: Part) -> IngestConfig:
    return replace(
        settings,
        input=part.uris,
        limit=None,
        replace=False,
        max_quarantined=_ALL_QUARANTINED,
    )


def _expected_characters(whole: Whole, parts: Sequence[Part], characters: Sequence[float]) -> float:
    """Return the characters of all documents, by those of the parts of each source."""
    return sum(
        source.bytes * of_part / max(1, part.bytes)
        for source, part, of_part in zip(whole.sources, parts, characters, strict=True)
    )


def _budget(settings: MixConfig, characters: float, expected: float) -> MixConfig:
    """Return the settings with the budget that is as large beside the part as the given one beside all."""
    share = characters / expected if expected else 1.0
    if settings.tokens is None:
        return replace(settings, sample=max(1, round((settings.sample or 0) * share)))
    return replace(settings, tokens=max(1, round(settings.tokens * share)), on_shortage="fill")


def mix(settings: MixConfig, context: Context, run_step: RunStep) -> list[Record]:
    """Mix; in the corpus's own proportions where a part lacks what the recipe names."""
    try:
        return run_step("mix", settings, context)
    except UserError:
        plain = replace(
            settings,
            tokens=settings.tokens or settings.sample,
            sample=None,
            recipe=None,
            weights=(),
            on_shortage="fill",
        )
    try:
        return run_step("mix", plain, context)
    except UserError as error:
        raise UserError(
            f"a part of the sample has nothing to mix: enlarge --sample ({error})"
        ) from error


def _bytes(context: Context, table: str) -> int:
    manifest = context.table(table).manifest
    return manifest.bytes if manifest else 0
