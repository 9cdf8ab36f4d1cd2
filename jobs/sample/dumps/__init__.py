"""The sample's dumps, one module a slice.

Each has `INPUTS`, globs below its folder that `ingest` takes, and `write(folder, seed)`, which writes the
dump, the same bytes for the same seed, and returns what was planted: `{"record": ..., "outcome": ...}` a
record, with `kept`, or the reason why it is not.
"""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

SLICES: tuple[str, ...] = ("arxiv", "books", "c4", "github", "stackexchange", "wikipedia")


def inputs(folder: Path) -> dict[str, tuple[str, ...]]:
    """Return patterns of the input files by slice, below the folder of all dumps."""
    return {
        name: tuple(str(folder / name / each) for each in _module(name).INPUTS) for name in SLICES
    }


def write(folder: Path, seed: int) -> dict[str, list[dict[str, Any]]]:
    """Write all dumps, each in a folder of its own, and return what was planted in each."""
    planted = {}
    for name in SLICES:
        (folder / name).mkdir(parents=True)
        planted[name] = _module(name).write(folder / name, seed)
    return planted


def _module(name: str) -> Any:
    return importlib.import_module(f"{__name__}.{name}")
