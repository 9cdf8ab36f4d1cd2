"""The settings of trace."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.settings.common import RootConfig
from schemas.settings.options import REQUIRED, option


@dataclass(frozen=True)
class TraceConfig(RootConfig):
    """A document's way: its raw record in the archive, and what each job decided of it.

    Nothing is changed.
    """

    id: tuple[str, ...] = option(REQUIRED, "documents by their ids", metavar="ID", positional=True)
    json: bool = option(False, "the same as JSON, an object a line for each id")
    raw: bool = option(
        False,
        "write the raw record to standard output, and nothing else, for one id: its bytes without the "
        "compression of the archive around it",
    )
