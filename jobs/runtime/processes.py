"""Processor time of this process and of those that it has started: Java and its Python workers."""

from __future__ import annotations

import os
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def processor_seconds(root: int | None = None) -> float:
    """Return the user and system time of a process and its descendants, with those that have ended.

    Parameters
    ----------
    root
        Its id; by default this process.
    """
    root = os.getpid() if root is None else root
    ticks: dict[int, int] = {}
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text(errors="replace").rpartition(")")[2].split()
            except (FileNotFoundError, ProcessLookupError):  # the process has ended
                continue
            parents[int(entry.name)] = int(fields[1])
            # proc(5): utime, stime, cutime and cstime, fields 14 to 17
            ticks[int(entry.name)] = sum(map(int, fields[11:15]))
    return sum(ticks[process] for process in ticks if _is_below(process, root, parents)) / _TICKS


def _is_below(process: int, root: int, parents: dict[int, int]) -> bool:
    while process not in (root, 0, 1) and process in parents:
        process = parents[process]
    return process == root
