"""The quality signals of RedPajama-V2: 45 numbers on a document or on its lines.

`score` gives one document's signals in V2's own form; `columns` gives those of a whole Arrow batch
as the struct `schemas.tables.quality_signals.QUALITY_SIGNALS`, and `columns_and_signatures` the MinHash
too. All measure by the functions in `registry.SIGNALS`, on texts cut up once
(`documents.Documents`).
"""

from __future__ import annotations

from udfs.quality_signals.output import Sign, columns, columns_and_signatures, score
from udfs.quality_signals.registry import SIGNALS
from udfs.quality_signals.resources import Resources

__all__ = ["SIGNALS", "Resources", "Sign", "columns", "columns_and_signatures", "score"]
