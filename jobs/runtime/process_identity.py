"""Tell whether the process that began a run is over, if it was one of this machine."""

from __future__ import annotations

import os
from pathlib import Path

_BOOT = Path("/proc/sys/kernel/random/boot_id")
_NAMESPACE = Path("/proc/self/ns/pid")


def own() -> str | None:
    """Return what no other process has: boot, namespace of process ids, id and start; None without /proc."""
    started = _started(os.getpid())
    machine = _machine()
    return f"{machine}/{os.getpid()}/{started}" if machine and started else None


def is_over(process: str | None) -> bool:
    """Return whether a process of this machine has ended; False for one that cannot be seen from here.

    Parameters
    ----------
    process
        As from `own`.
    """
    parts = process.split("/") if process else []
    if len(parts) != 4 or not parts[2].isdigit() or "/".join(parts[:2]) != _machine():
        return False
    return _started(int(parts[2])) != parts[3]


def _machine() -> str | None:
    try:
        # the same ids in two containers are two processes
        return f"{_BOOT.read_text().strip()}/{_NAMESPACE.stat().st_ino}"
    except OSError:
        return None


def _started(pid: int) -> str | None:
    """Return when a process started, in clock ticks since the boot (proc(5), field 22 of stat)."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return None
    # a zombie has ended, and waits for its parent
    return fields[19] if fields[0] not in "ZX" else None
