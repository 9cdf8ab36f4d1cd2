"""The quality signals of RedPajama-V2: 45 numbers on a document or on its lines.

`score` returns one document's signals in V2's own form; `columns` returns those of a whole Arrow batch
as the struct `schemas.tables.quality_signals.QUALITY_SIGNALS`, and `columns_and_signatures` the MinHash
and the signals of installed packages too. All work on `Documents`, texts that are cut up once.

To add a signal of V2's kind: its name and type in `schemas.signals`, and a function with the decorator
`signal` in one of the modules here.
"""

from __future__ import annotations

from udfs.quality_signals.declaration import Signal
from udfs.quality_signals.documents import Documents
from udfs.quality_signals.installed import InstalledSignal, installed_signals
from udfs.quality_signals.output import Sign, columns, columns_and_signatures, score
from udfs.quality_signals.registry import SIGNALS
from udfs.quality_signals.resources import Resources

__all__ = [
    "SIGNALS",
    "Documents",
    "InstalledSignal",
    "Resources",
    "Sign",
    "Signal",
    "columns",
    "columns_and_signatures",
    "installed_signals",
    "score",
]
