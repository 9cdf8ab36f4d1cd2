"""The settings of `compare`."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.settings.options import REQUIRED, option

TABLES = ("documents", "annotated", "corpus", "mixture")
"""The tables that hold documents, so that what came and went can be named."""


@dataclass(frozen=True)
class CompareConfig:
    """Compare two roots, versions of a table or exports: what came, went and changed, and why.

    Documents are compared by id, a mixture's by id and epoch. Nothing is changed.
    """

    before: str = option(
        REQUIRED,
        "a root, ROOT@RUN for the version that a run wrote (as long as `vacuum` keeps it), or a folder of "
        "Parquet or JSON lines such as an export",
        metavar="BEFORE",
        positional=True,
    )
    after: str = option(
        REQUIRED, "what to compare it with, of the same forms", metavar="AFTER", positional=True
    )
    table: str = option("corpus", "table of the roots", choices=TABLES)
    examples: int = option(3, "documents shown of each kind of change", metavar="N", at_least=0)
    output: str | None = option(
        None,
        "write a page, and its numbers to a file with the ending .json beside it",
        metavar="FILE.html",
    )
