"""The settings of `ingest` that all slices share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from schemas.settings.common import RootConfig
from schemas.settings.options import option


@dataclass(frozen=True)
class IngestConfig(RootConfig):
    """Settings of every slice.

    Attributes
    ----------
    slice
        Its name.
    family
        The package in `jobs/slices/` whose module `sets` has the slice; "" for one with a module of its own.
    """

    slice: ClassVar[str]
    family: ClassVar[str] = ""

    input: tuple[str, ...] = option(
        (),
        "dumps or archives to read: paths, globs, folders, s3://, https://",
        metavar="URI",
        of_inputs=True,
    )
    snapshot: str | None = option(
        None,
        "label of the documents, such as the dump's date (default: from the inputs' names, else 'local')",
        metavar="NAME",
        of_inputs=True,
    )
    limit: int | None = option(
        None,
        "maximum number of inputs to read, in their order (default: all)",
        metavar="N",
        at_least=1,
        of_inputs=True,
    )
    max_record_bytes: int = option(
        33_554_432,
        "maximum decompressed size of a record in bytes; larger records are quarantined",
        metavar="N",
        at_least=1024,
    )
    max_record_seconds: float = option(
        10.0,
        "maximum processor time of a record's extraction in seconds; slower records are quarantined",
        metavar="SECONDS",
        at_least=0.01,
    )
    max_quarantined: float = option(
        0.2,
        "maximum share of quarantined records; above it ingest fails, if 100 records or more are quarantined",
        metavar="P",
        at_least=0,
        of_inputs=True,
    )
    group_bytes: int = option(
        10**12,
        "bytes of inputs, as stored, to publish together; a killed run repeats at most these",
        metavar="N",
        at_least=1,
        of_inputs=True,
    )
    replace: bool = option(
        False,
        "replace the documents of the slice's snapshot; all inputs are then published together",
        of_inputs=True,
    )
