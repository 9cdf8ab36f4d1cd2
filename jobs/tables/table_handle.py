"""A handle on one table of a root: read it, write to it, publish a version."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any, Protocol

from pyspark.sql import DataFrame, SparkSession

from jobs import storage
from jobs.runtime import arrow
from jobs.tables import content_hash, few_values, integrity, manifest, parquet_footers
from jobs.tables.content_hash_of_values import of_values
from jobs.tables.manifest import Folder, Manifest
from schemas.errors import UserError
from schemas.tables import TABLES


class Root(Protocol):
    """The part of a job's context that a handle needs: the root, and a session when rows are read."""

    root: str

    @property
    def spark(self) -> SparkSession:
        """Return the session, which may start only now."""


@dataclass(frozen=True)
class TableHandle:
    """One table of a root, as `Context.table(name)` gives it.

    Raises
    ------
    UserError
        There is no table of this name.
    """

    context: Root
    name: str

    def __post_init__(self) -> None:
        if self.name not in TABLES:
            raise UserError(f"no table {self.name!r}: the tables are {', '.join(TABLES)}")

    @property
    def manifest(self) -> Manifest | None:
        """The current version, looked up now; None before the first."""
        return manifest.current(self.context.root, self.name)

    def required(self) -> Manifest:
        """Return the current version.

        Raises
        ------
        UserError
            No job has written the table yet.
        """
        current = self.manifest
        if current is None:
            raise UserError(
                f"{self.context.root} has no table {self.name} yet: "
                f"run `redpajama {TABLES[self.name].job}` first"
            )
        return current

    def uri(self, *path: str) -> str:
        """Return the address of a path below the table, or of the table."""
        return storage.join(self.context.root, self.name, *path)

    def read(self) -> DataFrame:
        """Return the rows of the current version, with the columns of `schemas.tables.TABLES`.

        Raises
        ------
        UserError
            No job has written the table yet, or a file of it is lost or cut.
        """
        while True:
            current = self.required()
            try:
                rows = self.read_folders(current.folders)
            except UserError:
                if self.required().version == current.version:
                    raise
                continue
            # a takedown removes a folder's files after it has published: the listing is complete
            # only if this version is still the current one
            if self.required().version == current.version:
                return rows

    def read_folders(self, folders: Iterable[Folder]) -> DataFrame:
        """Return the rows of some folders of the table.

        Raises
        ------
        UserError
            A file is lost or cut.
        """
        schema = TABLES[self.name].schema
        parts = []
        # Spark finds partitions below one base only, so each folder is a read of its own
        for folder in folders:
            if folder.files:
                # Spark lists a folder and would not miss a file
                faults = integrity.lost(self.uri(), folder)
                if faults:
                    raise UserError(integrity.message(self.context.root, self.name, folder, faults))
                base = self.uri(folder.path)
                paths = [self.uri(file.path) for file in folder.files] if folder.partial else [base]
                reader = self.context.spark.read.schema(schema).option("basePath", base)
                parts.append(reader.parquet(*paths).select(*schema.names))
        if not parts:
            return arrow.empty(self.context.spark, schema)
        # pairs of pairs: Connect refuses a plan that is a thousand unions deep
        while len(parts) > 1:
            parts = [reduce(DataFrame.union, parts[i : i + 2]) for i in range(0, len(parts), 2)]
        return parts[0]

    def write(
        self,
        rows: DataFrame,
        *,
        run: str,
        labels: dict[str, str] | None = None,
        below: str = "rows",
        job: str | None = None,
    ) -> Folder:
        """Write rows to a fresh folder of a run; readers see it only after `publish`.

        Rows keep their partitions and their order: the caller decides how many files there are.

        Parameters
        ----------
        below
            The folder's name inside the run's.
        job
            The job that writes, if it is not the one that the table belongs to.
        """
        table = TABLES[self.name]
        path = f"{run}/{below}"
        # "error": the folder is fresh, so one that exists is another run's
        rows, content = content_hash.observed(rows.select(*table.schema.names), table.schema)
        rows.write.mode("error").partitionBy(*table.partitions).parquet(self.uri(path))
        return self.with_files(Folder(path, run, job or table.job, labels or {}), content())

    def write_few(
        self, rows: DataFrame, *, run: str, labels: dict[str, str] | None = None
    ) -> Folder:
        """Write rows that are probably few: without a Spark job, if the driver has them already."""
        values = few_values.collected(rows)
        if values is None:
            return self.write(rows.coalesce(1), run=run, labels=labels)
        return self.write_values(values, run=run, labels=labels)

    def write_values(
        self,
        rows: Sequence[Mapping[str, Any]],
        *,
        run: str,
        labels: dict[str, str] | None = None,
        job: str | None = None,
    ) -> Folder:
        """Write a few rows as `write` does, without a Spark job."""
        table, path = TABLES[self.name], f"{run}/rows"
        few_values.write(self.uri(path), rows, table.schema, table.partitions)
        folder = Folder(path, run, job or table.job, labels or {})
        return self.with_files(folder, of_values(rows, table.schema))

    def rewrite(self, rows: DataFrame, folder: Folder, *, below: str) -> Folder:
        """Write the rows that stay of a folder to another folder of the same run."""
        path = below + folder.keys
        return self.write(rows, run=folder.run, job=folder.job, labels=folder.labels, below=path)

    def with_files(self, folder: Folder, content: str | None = None) -> Folder:
        """Return the folder with its files, as their footers describe them.

        Parameters
        ----------
        content
            The hash of its rows, where it is known.
        """
        index = TABLES[self.name].index
        files = parquet_footers.data_files(self.uri(folder.path), folder.path, index)
        return replace(folder, files=files, content_hash=content)

    def check_writable(self) -> None:
        """Check, before hours of work, that this process may write to the table's folder.

        Raises
        ------
        UserError
            It may not.
        """
        uri = self.uri(f"_writable-{secrets.token_hex(4)}")
        storage.write_bytes(uri, b"")
        storage.remove_tree(uri)

    def publish(
        self,
        folders: Iterable[Folder],
        *,
        run: str,
        replacing: Manifest | None,
        digest: str = "",
        inputs: Sequence[Mapping[str, Any]] = (),
    ) -> Manifest:
        """Make these folders the current version in one step (`jobs.tables.manifest.publish`)."""
        version = Manifest(self.name, run, tuple(folders), digest, list(map(dict, inputs)))
        manifest.publish(self.context.root, version, replacing=replacing)
        return version

    def add(self, folder: Folder, *further: Folder, without: Callable[[Folder], bool]) -> Manifest:
        """Publish one or more further folders of a run, and drop those that they replace.

        Where another job publishes at the same time, its folders are kept and the step is repeated.
        """
        while True:
            before = self.manifest
            kept = [old for old in (before.folders if before else ()) if not without(old)]
            try:
                return self.publish([*kept, *further, folder], run=folder.run, replacing=before)
            except storage.Conflict:
                continue
