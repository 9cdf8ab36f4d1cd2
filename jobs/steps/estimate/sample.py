"""How much of the inputs a sample reads, and the parts of it that runs read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jobs import slices
from jobs.steps.estimate import cuts
from jobs.steps.estimate.cuts import Cut, Kind
from jobs.steps.ingest import inputs
from jobs.storage import ObjectInfo
from schemas.settings.ingest import IngestConfig

SHARE = 0.001
LEAST_BYTES, MOST_BYTES = 16 << 20, 64 << 20
"""Share of the inputs that a sample has by default, and its bounds in bytes as stored."""

LARGE = 7
"""Size of a large run, in small ones: far enough apart that what is fixed and what grows come apart."""

PAIRS = 3
"""Runs of each of the two sizes."""

_LEAST_OF_SLICE = 256 << 10  # bytes of a small run, of an input that has so many


@dataclass(frozen=True)
class Source:
    """The inputs of a section of `ingest`.

    Attributes
    ----------
    stage
        Name of the stage.
    objects
        The inputs that the run reads.
    longest
        Bytes of the longest task.
    """

    stage: str
    config: IngestConfig
    objects: tuple[ObjectInfo, ...]
    longest: int

    @property
    def bytes(self) -> int:
        """Bytes of all inputs, as stored."""
        return sum(map(inputs.size, self.objects))


@dataclass(frozen=True)
class Part:
    """What one run reads of a source: addresses and their bytes as stored."""

    uris: tuple[str, ...]
    bytes: int


def source(stage: str, config: IngestConfig) -> Source:
    """Return the inputs that the settings name, without those that the slice passes over."""
    reader = slices.load(config.slice)
    chosen, _ = reader.chosen(inputs.named(config), config)
    objects = tuple(chosen[: config.limit])
    splits = reader.splits(objects, config)
    longest = max(sum(part.end - part.start for part in split.ranges) for split in splits)
    return Source(stage, config, objects, longest)


def sizes(sources: Sequence[Source], share: float | None) -> list[float]:
    """Return the bytes of a small run, by source.

    A sample has `PAIRS` small and as many large runs; a large run of small inputs reads them all.
    """
    every = sum(source.bytes for source in sources)
    wanted = min(max(SHARE * every, LEAST_BYTES), MOST_BYTES) if share is None else share * every
    unit = wanted / (PAIRS * (1 + LARGE)) / max(1, every)
    return [
        min(max(unit * source.bytes, _LEAST_OF_SLICE if share is None else 1), source.bytes / LARGE)
        for source in sources
    ]


def parts(source: Source, small: float, folder: Path) -> list[Part]:
    """Write the parts of a source below a folder, for runs of small and large size in turn."""
    kind_of = cache(cuts.kind)
    found = []
    wanted = [small, small * LARGE] * PAIRS
    for number, part in enumerate(cuts.cuts(source.objects, wanted, kind_of)):
        written = [_written(cut, kind_of, folder / str(number)) for cut in part]
        found.append(Part(tuple(uri for uri, _ in written), sum(size for _, size in written)))
    return found


def _written(cut: Cut, kind_of: Callable[[str], Kind], folder: Path) -> tuple[str, int]:
    return (cut.uri, cut.size) if cut.whole else cuts.write(cut, kind_of(cut.uri), folder)
