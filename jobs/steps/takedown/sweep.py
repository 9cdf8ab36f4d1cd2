"""Search a root for the documents of a takedown: tables, clusters and files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

from pyspark.sql import types as T

from jobs import storage
from jobs.runtime.context import Context
from jobs.steps.takedown import cluster_members, entries, files
from jobs.steps.takedown.cluster_members import Members
from jobs.steps.takedown.files import Hit
from jobs.tables import file_scan, integrity, lineage, runs, taken_down
from jobs.tables.file_scan import StoredFile, Work
from jobs.tables.integrity import Fault
from jobs.tables.manifest import Manifest
from schemas.errors import UserError
from udfs.addresses.takedown_keys import key

_GRACE = timedelta(hours=24)
_SIMILAR = 10_000


@dataclass(frozen=True)
class Matched:
    """The documents that entries name; the driver holds about 500 bytes of each.

    Attributes
    ----------
    urls, keys
        URL and entries (as from `takedown_keys.key`) of each document, by id.
    similar
        URL and similar address of documents that stay, by id: at most 1000 of a file, and 10,000 of all.
    """

    urls: dict[str, str | None] = field(default_factory=dict)
    keys: dict[str, set[str]] = field(default_factory=dict)
    similar: dict[str, tuple[str | None, str]] = field(default_factory=dict)

    def add(self, row: dict[str, Any]) -> None:
        """Add a row of `files.MATCHES`."""
        if row["keys"]:
            self.keys.setdefault(row["id"], set()).update(row["keys"])
            self.urls[row["id"]] = self.urls.get(row["id"]) or row["url"]
        elif len(self.similar) < _SIMILAR:
            self.similar[row["id"]] = (row["url"], row["near"])


@dataclass(frozen=True)
class SearchResult:
    """Result of the search.

    Attributes
    ----------
    taken_files, touched_files
        Files of entries with the ids of the documents to remove, and of all documents in their clusters.
    touched
        These clusters; None if duplicates/ and copies/ belong to another annotated/, or have no row about
        the documents.
    hits
        Files that hold any of them.
    """

    taken_files: tuple[str, ...]
    touched_files: tuple[str, ...]
    touched: Members | None
    hits: list[Hit]

    def remaining(self) -> set[str]:
        """Return the ids of the documents in the clusters that are not removed."""
        ids = sorted(self.touched.ids) if self.touched else []
        removed = files.mask_of(list(ids), taken_down.load(self.taken_files))
        return {id_ for id_, is_removed in zip(ids, removed, strict=True) if not is_removed}

    def pairs_remain(self, remaining: set[str]) -> bool:
        """Return whether two of the remaining documents are in one cluster."""
        clusters = self.touched.clusters.values() if self.touched else ()
        return any(len(ids & remaining) > 1 for ids in clusters)


def current(context: Context) -> dict[str, Manifest]:
    """Return the current versions of the tables that hold documents."""
    versions = {name: context.table(name).manifest for name in files.TABLES}
    return {name: version for name, version in versions.items() if version is not None}


def has_clusters(root: str, now: dict[str, Manifest]) -> bool:
    """Return whether duplicates/ and copies/ belong to the current annotated/."""
    if not {"annotated", "duplicates", "copies"} <= now.keys():
        return False
    annotated = {"annotated": now["annotated"]}
    return all(lineage.belongs(root, now[name], annotated) for name in ("duplicates", "copies"))


class Sweep:
    """The search through a root.

    Parameters
    ----------
    scratch
        Folder for intermediate results.

    Attributes
    ----------
    files
        The files that are searched.
    active
        Runs that may be writing others, which are left alone.
    without_ids
        Files of the last search by id that have no ids: tables and paths.
    """

    def __init__(self, context: Context, now: dict[str, Manifest], scratch: str, run: str) -> None:
        self._context = context
        self._now = now
        self._scratch = scratch
        self._scans = 0
        self.without_ids: list[str] = []
        self.active = self._active(run)
        self.files = self._listed()

    def matched(self, recorded: tuple[str, ...], requested: tuple[str, ...]) -> Matched:
        """Return the documents that an entry names, in any version of a table.

        Parameters
        ----------
        recorded
            Parquet files of all entries, as takedowns/ will have them.
        requested
            Files of those that are new or asked for again: similar addresses are those of these.
        """
        near_in = next((table for table in files.KEYED if table in self._now), None)
        keyed = [file for file in self.files if file.table in files.KEYED]
        work = files.matches(self._context.root, recorded, requested, near_in)
        matched = Matched()
        for row in self._scan(keyed, work, files.MATCHES):
            matched.add(row)
        for id_ in matched.similar.keys() & matched.keys.keys():
            del matched.similar[id_]
        return matched

    def copies(self, matched: Matched, requested: Iterable[tuple[str, str]]) -> list[str]:
        """Return the ids of all documents in the clusters of the requested ones."""
        keys = {key(*entry) for entry in requested}
        ids = {id_ for id_, matches in matched.keys.items() if not keys.isdisjoint(matches)}
        ids |= {value for kind, value in requested if kind == "id"}
        path = storage.join(self._scratch, "requested.parquet")
        members = self._members(entries.write(entries.of_ids(ids), path))
        return sorted(members.ids)

    def search(self, matched: Matched, recorded: tuple[str, ...]) -> SearchResult:
        """Find the matched documents, and those that are named by id, in all files."""

        def taken() -> Iterator[tuple[str, str]]:
            yield from entries.of_ids(matched.keys)
            for row in taken_down.rows_of(recorded, "kind", "value"):
                if row["kind"] == "id":
                    yield "id", row["value"]

        taken_files = entries.write(taken(), storage.join(self._scratch, "taken.parquet"))
        touched, touched_files = None, taken_files
        if has_clusters(self._context.root, self._now):
            members = self._members(taken_files)
            if members.ids:
                path = storage.join(self._scratch, "touched.parquet")
                touched = members
                touched_files += entries.write(entries.of_ids(members.ids), path)
        hits = self.hits(taken_files, touched_files)
        self._check(hits)
        return SearchResult(taken_files, touched_files, touched, hits)

    def hits(self, taken: tuple[str, ...], touched: tuple[str, ...]) -> list[Hit]:
        """Return the files that hold one of the documents in files of entries."""
        work = files.hits(self._context.root, taken, touched)
        found = sorted(Hit(**row) for row in self._scan(self.files, work, files.HITS))
        self.without_ids = [
            f"{hit.table}/{hit.path}" for hit in found if not (hit.taken or hit.touched)
        ]
        return [hit for hit in found if hit.taken or hit.touched]

    def _members(self, documents: tuple[str, ...]) -> Members:
        """Return the members of the clusters that hold some documents."""
        root = self._context.root
        tables = [file for name in cluster_members.TABLES for file in self._current(name)]
        work = cluster_members.clusters(root, documents)
        names = {row["cluster"] for row in self._scan(tables, work, cluster_members.CLUSTERS)}
        path = storage.join(self._scratch, f"clusters-{self._scans}.parquet")
        clusters = entries.write((("cluster", name) for name in sorted(names)), path)
        work = cluster_members.members(root, clusters)
        return cluster_members.gathered(self._scan(tables, work, cluster_members.MEMBERS))

    def _current(self, table: str) -> list[StoredFile]:
        return file_scan.of_version(self._now[table])

    def _scan(
        self, scanned: list[StoredFile], work: Work, schema: T.StructType
    ) -> Iterator[dict[str, Any]]:
        self._scans += 1
        path = storage.join(self._scratch, f"scan-{self._scans}")
        return file_scan.scan(self._context, scanned, work, schema, path)

    def _active(self, run: str) -> list[str]:
        """Return the other runs that may be writing files."""
        since = datetime.now(timezone.utc) - _GRACE
        return [
            record.run
            for record in runs.all_records(self._context.root)
            if record.run != run and record.may_be_running(since)
        ]

    def _listed(self) -> list[StoredFile]:
        """Return all files except those that other runs may be writing."""
        for run in self.active:
            self._context.print(
                f"takedown: {run} may still be active, and its files were left alone: "
                "run this again when it has ended"
            )
        listed = file_scan.listed(self._context.root, self._now, files.TABLES)
        self._check_complete(listed)
        return [
            file
            for file in listed
            if file.is_current or file.path.partition("/")[0] not in self.active
        ]

    def _check_complete(self, listed: list[StoredFile]) -> None:
        """Refuse a root that lacks a file of a current version: put back later, it would hold documents."""
        present = {(file.table, file.path) for file in listed}
        self._refuse(files.named(self._now) - present, "is lost")

    def _check(self, hits: list[Hit]) -> None:
        """Refuse a root with a damaged file of a current version: it may hold the documents."""
        damaged = {(hit.table, hit.path) for hit in hits if hit.taken < 0}
        self._refuse(damaged, "is damaged")

    def _refuse(self, faulty: set[tuple[str, str]], reason: str) -> None:
        """Refuse the first of some files, by table and path, that a current version has."""
        for table, version in self._now.items():
            for folder in version.folders:
                faults = [
                    Fault(storage.join(self._context.root, table, file.path), reason)
                    for file in folder.files
                    if (table, file.path) in faulty
                ]
                if faults:
                    raise UserError(integrity.message(self._context.root, table, folder, faults))
