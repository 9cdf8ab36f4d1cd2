"""All signals of V2 by name, in the order of V2."""

from __future__ import annotations

from schemas.signals import V2_SIGNALS
from udfs.quality_signals import (
    ccnet,
    classifiers,
    content,
    importance,
    lines,
    natural_language,
    repetition,
)
from udfs.quality_signals.declaration import FUNCTIONS, Signal

MODULES = (ccnet, content, repetition, natural_language, lines, classifiers, importance)
"""The modules that declare the functions of the signals."""

SIGNALS: dict[str, Signal] = {
    name: Signal(FUNCTIONS[name], *type_) for name, type_ in V2_SIGNALS.items()
}
# an empty text has no lines: V2 then writes nothing for the other line signals, but a null for this
NULL_WITHOUT_LINES = "rps_lines_start_with_bulletpoint"
