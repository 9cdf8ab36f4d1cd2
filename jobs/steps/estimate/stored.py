"""`ROOT/_estimate.json`: the estimate of a root's run, by which `run` tells how much time is left."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from jobs import storage
from jobs.steps.estimate.projection import Estimate

NAME = "_estimate.json"

_MADE_BEFORE = 0.1  # share of its estimate below which a stage found its tables made


def to_json(estimate: Estimate) -> str:
    """Return the estimate as JSON, as `estimate --json` prints it."""
    return json.dumps(asdict(estimate), indent=1)


def write(root: str, estimate: Estimate) -> str:
    """Store the estimate in a root; return its address."""
    uri = storage.join(root, NAME)
    storage.write_bytes(uri, (to_json(estimate) + "\n").encode())
    return uri


def hours(root: str) -> dict[str, float]:
    """Return the estimated hours of each stage; none where no estimate is stored, or another version's."""
    stored = storage.read_versioned(storage.join(root, NAME))
    try:
        content = json.loads(stored[0]) if stored else {"stages": []}
        return {stage["stage"]: float(stage["hours"]["value"]) for stage in content["stages"]}
    except (ValueError, KeyError, TypeError):
        return {}


class TimeLeft:
    """Time left of a run, by its estimate and by how the stages so far took beside it.

    Parameters
    ----------
    hours
        Estimated hours by stage.
    stages
        The run's stages, in their order.
    """

    def __init__(self, hours: Mapping[str, float], stages: Sequence[str]) -> None:
        known = all(stage in hours for stage in stages)
        self._hours = [hours[stage] for stage in stages] if known else []
        self._began = time.monotonic()
        self._estimated = self._taken = 0.0

    def seconds(self, number: int) -> int | None:
        """Return the seconds left when the stage of this number begins, from 0; None without an estimate."""
        now = time.monotonic()
        if number and self._hours:
            taken, estimated = now - self._began, self._hours[number - 1] * 3600
            if taken > _MADE_BEFORE * estimated:
                self._taken += taken
                self._estimated += estimated
        self._began = now
        if not self._hours:
            return None
        ratio = self._taken / self._estimated if self._estimated else 1.0
        return round(sum(self._hours[number:]) * 3600 * ratio)


def spoken(seconds: float) -> str:
    """Return a duration in the unit that a reader plans with.

    >>> spoken(42), spoken(600), spoken(9000), spoken(400_000)
    ('42 s', '10 min', '2.5 h', '4.6 days')
    """
    for unit, length in (("days", 2 * 86400), ("h", 5400), ("min", 100)):
        if seconds >= length:
            base = {"days": 86400, "h": 3600, "min": 60}[unit]
            value = seconds / base
            return f"{value:.0f} min" if unit == "min" else f"{value:.1f} {unit}"
    return f"{seconds:.0f} s"
