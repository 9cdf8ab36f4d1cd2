"""The settings of `trace`."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.settings.common import RootConfig
from schemas.settings.options import option


@dataclass(frozen=True)
class TraceConfig(RootConfig):
    """Trace a document to its source record.

    Prints where its raw record is in the archive, and what each job decided about it.
    """

    id: tuple[str, ...] = option((), "ids of documents", metavar="ID", positional=True)
    url: tuple[str, ...] = option(
        (), "URLs of documents, compared as in `takedown`: each spelling of an address names it"
    )
    json: bool = option(False, "print JSON, an object a line for each id")
    raw: bool = option(
        False,
        "write only the raw record of one id to standard output: its bytes, without the archive's "
        "compression",
    )
