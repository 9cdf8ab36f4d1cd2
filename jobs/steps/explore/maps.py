"""Maps that are made in the background, one at a time, while pages ask how far they are."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING

from schemas.errors import UserError

if TYPE_CHECKING:
    from jobs.steps.explore.map.build import DocumentMap

_KEPT = 8

Make = Callable[[Callable[[str], None]], "DocumentMap"]


class Making:
    """A map that is made, or was.

    Attributes
    ----------
    line
        What is done now.
    result
        The map, once it is there.
    error
        Why there is none.
    """

    def __init__(self) -> None:
        self.line = "waiting for another map"
        self.result: DocumentMap | None = None
        self.error: str | None = None


class Maps:
    """The last maps, by their filters."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._one_at_a_time = threading.Lock()
        self._makings: OrderedDict[str, Making] = OrderedDict()

    def get(self, key: str, make: Make) -> Making:
        """Return the map of a key, which begins to be made now if it was not asked for before."""
        with self._lock:
            making = self._makings.get(key)
            if making is None:
                making = self._makings[key] = Making()
                while len(self._makings) > _KEPT:
                    self._makings.popitem(last=False)
                threading.Thread(target=self._run, args=(making, make), daemon=True).start()
            self._makings.move_to_end(key)
            return making

    def _run(self, making: Making, make: Make) -> None:
        def report(line: str) -> None:
            making.line = line

        with self._one_at_a_time:
            try:
                making.result = make(report)
            except UserError as error:
                making.error = str(error)
            except Exception:
                logging.getLogger(__name__).exception("the map failed")
                making.error = "the map failed: see the terminal"
