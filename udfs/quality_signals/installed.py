"""Signals of installed packages: entry points of the group `redpajama.signals`.

A package names its functions in its metadata; the name of an entry point is that of the signal:

    [options.entry_points]
    redpajama.signals =
        has_code = my_rules:has_code

`has_code` is a function of a document's text that returns a number, or None for no number; or a
`Signal` whose function measures a batch of `Documents`. The numbers are in the column `user_signals`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import EntryPoint
from typing import Any

import numpy as np
import pyarrow as pa

from schemas import entry_points
from schemas.errors import UserError, one_line
from schemas.signals import V2_SIGNALS
from udfs.quality_signals.arrays import Floats
from udfs.quality_signals.declaration import Signal
from udfs.quality_signals.documents import Documents

GROUP = "redpajama.signals"


@dataclass(frozen=True)
class InstalledSignal:
    """A signal that a package declares.

    Attributes
    ----------
    name
        Name of the signal.
    target
        Module and attribute of its function, `module:attribute`.
    package
        Name and version of the package.
    """

    name: str
    target: str
    package: str

    @property
    def version(self) -> str:
        """Return what a run records: other functions and versions measure other numbers."""
        return f"{self.target} of {self.package}"

    def load(self) -> Signal:
        """Import the function.

        Raises
        ------
        UserError
            The module cannot be imported, or has no such function of documents.
        """
        try:
            loaded = EntryPoint(self.name, self.target, GROUP).load()
        except Exception as error:
            reason = one_line(f"{type(error).__name__}: {error}")
            raise UserError(f"signal {self.name}, {self.version}: {reason}") from error
        if isinstance(loaded, Signal) and loaded.kind == "doc":
            return loaded
        if not callable(loaded):
            raise UserError(
                f"signal {self.name}, {self.version}: expected a function of a text or a Signal of "
                f"documents, found {type(loaded).__name__}"
            )
        return Signal(_of_texts(loaded))


def _of_texts(function: Callable[[str], Any]) -> Callable[[Documents], Floats]:
    """Return the function of a batch for that of a text."""

    def measure_texts(documents: Documents) -> Floats:
        values = (function(text) for text in documents.texts)
        return np.array([np.nan if value is None else float(value) for value in values], np.float64)

    return measure_texts


def installed_signals() -> tuple[InstalledSignal, ...]:
    """Return the signals of all installed packages, by name.

    Raises
    ------
    UserError
        Two packages have a signal of one name, or a package has one of V2's.
    """
    signals = []
    for entry in entry_points.entry_points(GROUP):
        entry_points.address(GROUP, entry.name, "signal", shipped=entry.name in V2_SIGNALS)
        signals.append(InstalledSignal(entry.name, entry.value, entry_points.owner(entry)))
    return tuple(signals)


def measure(signals: Mapping[str, Signal], documents: Documents) -> list[list[tuple[str, float]]]:
    """Return name and number of each signal that has a number, for each document.

    Raises
    ------
    UserError
        A function failed, or did not return one number for each document.
    """
    numbers: list[list[tuple[str, float]]] = [[] for _ in range(len(documents))]
    for name, signal in signals.items():
        try:
            values = np.asarray(signal.function(documents), np.float64)
        except Exception as error:
            reason = one_line(f"{type(error).__name__}: {error}")
            raise UserError(f"signal {name}: {reason}") from error
        if values.shape != (len(documents),):
            raise UserError(f"signal {name}: expected one number for each document")
        for row in np.flatnonzero(~np.isnan(values)).tolist():
            numbers[row].append((name, float(values[row])))
    return numbers


ARROW_TYPE = pa.map_(pa.string(), pa.float64())
