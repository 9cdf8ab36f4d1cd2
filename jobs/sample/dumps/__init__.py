"""The sample's dumps, one module per slice.

Each module has `INPUTS`, glob patterns below its folder for `ingest`, and `write(folder, seed)`, which
writes the dump, the same bytes for the same seed, and returns its records as
`{"record": ..., "outcome": ...}`: the outcome is `kept` or the reason why the record is not kept.
"""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path
from typing import Any

SLICES = tuple(sorted(module.name for module in pkgutil.iter_modules(__path__)))
"""The slices that have a dump: the names of the modules in this package."""


def inputs(folder: Path) -> dict[str, tuple[str, ...]]:
    """Return glob patterns of the input files by slice, below the folder of all dumps."""
    return {
        name: tuple(str(folder / name / pattern) for pattern in _module(name).INPUTS)
        for name in SLICES
    }


def write(folder: Path, seed: int) -> dict[str, list[dict[str, Any]]]:
    """Write each dump into a folder of its own; return the planted records by slice."""
    planted = {}
    for name in SLICES:
        (folder / name).mkdir(parents=True)
        planted[name] = _module(name).write(folder / name, seed)
    return planted


def _module(name: str) -> Any:
    return importlib.import_module(f"{__name__}.{name}")
