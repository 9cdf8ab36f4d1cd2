"""Make a table again from its inputs, or find that nothing has changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from jobs.runtime.context import Context
from jobs.tables import runs
from jobs.tables.manifest import Folder, Manifest
from jobs.tables.runs import Record
from schemas.errors import UserError
from schemas.settings.stored import met_defaults
from schemas.tables import TABLES


def remake(
    context: Context,
    tables: tuple[str, ...],
    config: Any,
    inputs: Mapping[str, Any],
    work: Callable[[Record], tuple[Folder, ...]],
    *,
    prepare: Callable[[], object] | None = None,
) -> Record:
    """Run a job that makes whole tables, in the one order that keeps them consistent.

    The versions to replace are read before the work, so that `publish` refuses to overwrite what another
    run has published since. Counts are checked before anything is published. Return the record of this
    run, or of an earlier one from the same inputs and settings.

    Parameters
    ----------
    tables
        Tables that the job makes together, published in this order: a reader who finds the last one
        finds the others. Its digest decides whether anything has changed.
    inputs
        Versions of the tables and models that are read.
    work
        Writes a folder for each table, and fills in the record.
    prepare
        Checks to run before the run is recorded, unless nothing has changed.

    Raises
    ------
    UserError, storage.Conflict
        A table's folder cannot be written, or another run has published one since the work began.
    """
    job = TABLES[tables[-1]].job
    current = context.table(tables[-1]).manifest
    if (
        current is not None
        and not config.overwrite
        and _is_made_by(context, current, config, inputs)
    ):
        context.print(
            f"{job}: nothing has changed since {current.version} (--overwrite runs it again)"
        )
        return runs.load(context.root, current.made_by)
    if prepare is not None:
        prepare()
    replaced = _replaced(context, tables)
    with runs.record(context, job, config, inputs) as record:
        folders = work(record)
        record.check()
        runs.save(context.root, record)
        for name, folder in zip(tables, folders, strict=True):
            context.table(name).publish(
                [folder],
                run=record.run,
                replacing=replaced[name],
                digest=runs.digest(config, inputs),
                inputs=[inputs],
            )
    return record


def _replaced(context: Context, tables: tuple[str, ...]) -> dict[str, Manifest | None]:
    """Return the versions to replace, of tables that this process may write."""
    for name in tables:
        context.table(name).check_writable()
    return {name: context.table(name).manifest for name in tables}


def _is_made_by(
    context: Context, manifest: Manifest, config: Any, inputs: Mapping[str, Any]
) -> bool:
    """Return whether these settings and inputs made this version.

    Settings that an earlier version recorded may lack options that are newer. Left at their default, these
    do not make a table stale, whatever that version did: `overwrite` makes it again. Nor does an option
    with which that run made more than it makes now.
    """
    digest = runs.digest(config, inputs)
    if manifest.digest == digest:
        return True
    record = runs.find(context.root, manifest.made_by)
    if record is None or manifest.digest != runs.digest_of(record.config, inputs):
        return False
    try:
        recorded = record.settings(type(config), strict=True)
    except UserError:
        return False
    met = met_defaults(config, record.config)
    return runs.digest(replace(recorded, **met), inputs) == digest
