"""The settings of `estimate`."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.settings.options import option


@dataclass(frozen=True)
class EstimateConfig:
    """Estimate time, cost, shuffles and disk of `run` from a sample of its inputs.

    The stages of --config run on parts of the sample, in temporary roots on this machine. The estimate is
    also stored as ROOT/_estimate.json, by which `run` says how much time is left.
    """

    config: str | None = option(
        None,
        "YAML file of `redpajama run` (default: the embedded sample)",
        metavar="FILE",
    )
    root: str | None = option(
        None,
        "folder of the tables that `run` will make (default: `root` in --config)",
        metavar="URI",
    )
    sample: float | None = option(
        None,
        "share of the inputs to read, at most 1 (default: a thousandth, but 16 to 64 MB)",
        metavar="SHARE",
        at_least=0.0,
    )
    cores: int | None = option(
        None, "cores of an executor (default: those of this machine)", metavar="N", at_least=1
    )
    executors: int = option(1, "number of executors", metavar="N", at_least=1)
    price_per_core_hour: float = option(
        0.0593,
        "dollars (default: a machine of 16 cores on AWS at a list price of 2025)",
        metavar="X",
        at_least=0.0,
    )
    json: bool = option(False, "print the estimate as a JSON object")
