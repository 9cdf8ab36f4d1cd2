"""Find the documents of a takedown, name them, and check that they are not more than the user expects."""

from __future__ import annotations

from dataclasses import dataclass

from jobs import storage
from jobs.runtime.context import Context
from jobs.steps.takedown import entries, files, guard, listing
from jobs.steps.takedown.sweep import Matched, SearchResult, Sweep
from jobs.tables import taken_down
from jobs.tables.manifest import Manifest
from jobs.tables.runs import Record
from schemas.settings.takedown import TakedownConfig
from udfs.addresses import takedown_keys
from udfs.text_diff.terminal import visible

_RECORDED = 1000  # files in the run's record
_PRINTED = 20  # entries that are printed one by one


@dataclass(frozen=True)
class Targets:
    """The documents that a takedown removes.

    Attributes
    ----------
    entries
        The requested entries, and the ids of copies.
    copies
        The ids that are removed as copies of named documents.
    removed, total
        The documents that are removed, and all: of documents/, or else of the next table that is there.
    """

    entries: tuple[tuple[str, str], ...]
    copies: frozenset[str]
    matched: Matched
    result: SearchResult
    removed: int
    total: int

    def report(self, context: Context, config: TakedownConfig, record: Record) -> None:
        """Name the documents, and check that the takedown may go on.

        Raises
        ------
        UserError
            It removes more documents than the settings allow.
        """
        listing.report(context, record, self.matched, self.copies, dry_run=config.dry_run)
        if config.dry_run:
            context.print(f"takedown: {self.removed:,} documents would be removed")
            reason = guard.refusal(config, self.removed, self.total)
            if reason is not None:
                context.print(
                    f"takedown: {reason}: this asks for --yes or --at-most {self.removed}"
                )
        else:
            guard.check(config, self.removed, self.total)
            context.print(f"takedown: {self.removed:,} documents are removed")


def find(
    context: Context,
    config: TakedownConfig,
    record: Record,
    now: dict[str, Manifest],
    scratch: str,
) -> Targets:
    """Search all tables, and fill in the record; nothing is changed.

    Parameters
    ----------
    scratch
        Folder for intermediate results.
    """
    search = Sweep(context, now, scratch, record.run)
    requested = entries.distinct(config)
    named = entries.write(requested, storage.join(scratch, "named.parquet"))
    recorded = taken_down.files(context.root) + named
    matched = search.matched(recorded, named)
    _report_unmatched(context, record, matched, requested, config.dry_run)
    copies: frozenset[str] = frozenset()
    if config.copies:
        ids = {value for kind, value in requested if kind == "id"}
        copies = frozenset(search.copies(matched, requested)) - ids
        path = storage.join(scratch, "copies.parquet")
        recorded += entries.write(entries.of_ids(sorted(copies)), path)
        matched = search.matched(recorded, named)
    result = search.search(matched, recorded)
    _report_without_ids(context, record, search.without_ids)
    removed, total = _count(record, now, result, matched)
    all_entries = (*requested, *entries.of_ids(sorted(copies)))
    return Targets(all_entries, copies, matched, result, removed, total)


def _report_without_ids(context: Context, record: Record, files_: list[str]) -> None:
    """Name the files that cannot be searched: another program may have put them there."""
    record.details["files_without_ids"] = files_[:_RECORDED]
    if files_:
        more = f" (and {len(files_) - 1:,} more files)" if len(files_) > 1 else ""
        context.print(
            f"takedown: {storage.join(context.root, files_[0])}{more} has no column id and was not "
            "searched: remove it if it can hold the documents"
        )


def _report_unmatched(
    context: Context,
    record: Record,
    matched: Matched,
    requested: list[tuple[str, str]],
    dry_run: bool,
) -> None:
    keys = {key for keys in matched.keys.values() for key in keys}
    unmatched = [entry for entry in requested if takedown_keys.key(*entry) not in keys]
    record.details["unmatched"] = len(unmatched)
    for kind, value in unmatched[:_PRINTED]:
        context.print(f"takedown: no document matches {kind} {visible(value)}")
    if unmatched:
        recorded = "they would be" if dry_run else "they are"
        context.print(
            f"takedown: {len(unmatched):,} entries match no document; {recorded} recorded, and later "
            "documents that match excluded"
        )


def _count(
    record: Record,
    now: dict[str, Manifest],
    result: SearchResult,
    matched: Matched,
) -> tuple[int, int]:
    """Fill in the record: rows in are those of documents/, and removed rows by table.

    Returns
    -------
    tuple
        The documents that are removed, and all: of documents/, or else of the next table that is there.
    """
    named = files.named(now)
    removed = dict.fromkeys(now, 0)
    for hit in result.hits:
        if (hit.table, hit.path) in named:
            removed[hit.table] += hit.taken
    record.rows_in = now["documents"].rows if "documents" in now else 0
    record.rows_out = record.rows_in - removed.get("documents", 0)
    record.reasons = {taken_down.REASON: removed["documents"]} if removed.get("documents") else {}
    record.check()
    record.details["documents"] = len(matched.keys)
    record.details["removed"] = removed
    record.details["strata"] = [
        {"stratum": name, "removed": removed[name], "files rewritten": 0}
        for name in reversed(files.TABLES)
        if name in now
    ]
    counted = next((name for name in files.KEYED if name in now), None)
    return (removed[counted], now[counted].rows) if counted else (0, 0)
