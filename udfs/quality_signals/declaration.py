"""Declare the function that measures a signal.

@signal("rps_doc_curly_bracket")
def curly_bracket(documents: Documents) -> Floats: ...
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from udfs.quality_signals.arrays import Floats
from udfs.quality_signals.documents import Documents

Function = Callable[[Documents], Floats]

FUNCTIONS: dict[str, Function] = {}
"""The function of each of V2's signals, by name."""


@dataclass(frozen=True)
class Signal:
    """The function that measures one signal, and the kind of its numbers.

    Attributes
    ----------
    function
        Returns one number a document of the batch, or one number a line of all documents; NaN stands
        for null.
    kind
        Whether a number belongs to a document or to a line.
    integer
        V2 writes the number without a decimal point.
    """

    function: Function
    kind: Literal["doc", "lines"] = "doc"
    integer: bool = False


def signal(name: str) -> Callable[[Function], Function]:
    """Return a decorator that declares a function as the one that measures a signal of V2.

    `schemas.signals.V2_SIGNALS` has the names.

    Raises
    ------
    ValueError
        The signal has a function already.
    """

    def declare(function: Function) -> Function:
        if name in FUNCTIONS:
            raise ValueError(f"two functions measure {name}")
        FUNCTIONS[name] = function
        return function

    return declare
