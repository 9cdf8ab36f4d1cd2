"""Find the next record of an archive after a record whose length is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable

from jobs.sources.buffer import OVERLAP, Window
from jobs.sources.members import CHUNK


def find_start(
    window: Window, before: re.Pattern[bytes], is_start: Callable[[Window], bool]
) -> bool:
    """Move to the next record in the window's section; return False, at its end, if there is none.

    Parameters
    ----------
    window
        The window, before the place.
    before
        Matches what precedes a record, as `Window.find` requires it.
    is_start
        Returns whether a record certainly begins at the window's position.
    """
    while True:
        size = window.find(before, CHUNK)
        if size is not None:
            window.skip(size)
            if is_start(window):
                return True
        elif window.skip(CHUNK - OVERLAP) < CHUNK - OVERLAP:
            return False
