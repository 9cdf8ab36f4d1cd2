"""Texts of duplicates and survivors, looked up in this process where all texts are a few megabytes."""

from __future__ import annotations

from collections.abc import Callable, Collection

import pyarrow as pa
import pyarrow.compute as pc

from jobs.runtime.context import Context
from jobs.tables import few_rows

MOST_BYTES = 16 << 20
"""Bytes of annotated/, as stored, up to which this process reads the texts itself."""

Texts = Callable[[Collection[str]], dict[str, str]]
"""From nodes, an earlier root or nothing, a NUL and an id, to the texts that there are."""


def of_roots(context: Context, against: Collection[str]) -> Texts | None:
    """Return the look-up of texts of this root and of earlier ones; None if they are too large."""
    roots = {"": context} | {root: context.at(root) for root in against}
    tables = {name: root.table("annotated") for name, root in roots.items()}
    folders = {name: table.required().folders for name, table in tables.items()}
    files = [folder for of_root in folders.values() for folder in of_root]
    size = sum(file.bytes for folder in files for file in folder.files)
    if size * context.scale > MOST_BYTES or not few_rows.are_few(files):
        return None

    def texts(nodes: Collection[str]) -> dict[str, str]:
        found: dict[str, str] = {}
        for name, table in tables.items():
            prefix = f"{name}\0"
            ids = [node[len(prefix) :] for node in nodes if node.startswith(prefix)]
            wanted = pa.array(ids, pa.string())
            for batch in few_rows.read(table, folders[name], "id", "text"):
                rows = batch.filter(pc.is_in(batch.column("id"), wanted))
                columns = (rows.column(column).to_pylist() for column in ("id", "text"))
                found |= {prefix + id_: text for id_, text in zip(*columns, strict=True)}
        return found

    return texts
