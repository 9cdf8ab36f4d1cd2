"""Find inputs that earlier runs ingested with settings that give other documents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from jobs.tables.runs import Record
from schemas.settings.ingest import IngestConfig
from schemas.settings.stored import differing


def notes(
    config: IngestConfig, inputs: Sequence[Mapping[str, Any]], records: Sequence[Record]
) -> Iterator[str]:
    """Yield a line for each set of other settings.

    Parameters
    ----------
    inputs
        Ingested inputs, each with its `run`.
    records
        The records of these runs.
    """
    of_run = Counter(item["run"] for item in inputs)
    by_difference: Counter[str] = Counter()
    for record in records:
        pairs = differing(config, record.config)
        words = (f"{name} {_shown(old)}, now {_shown(new)}" for name, (old, new) in pairs.items())
        by_difference["; ".join(words)] += of_run[record.run]
    for difference, n in by_difference.items():
        if difference:
            yield (
                f"inputs that were read with other settings: {n} ({difference}); their documents are "
                "unchanged, --replace reads the snapshot again"
            )


def _shown(value: Any) -> str:
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)
