"""A job's run: its name, its record in `ROOT/_runs/`, and whether there is anything to do."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import platform
import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime, timezone
from typing import Any, TypeVar

from jobs import storage
from jobs.runtime import progress, task_errors
from jobs.runtime.context import Context
from jobs.tables import manifest, stored_json
from jobs.tables.manifest import Manifest
from schemas.errors import UserError
from schemas.settings.stored import from_stored, to_dict

FOLDER = "_runs"

C = TypeVar("C")

# options that say where, whether or what to look at, not what is made
_NO_SETTINGS = ("root", "overwrite", "explain", "dry_run", "dry_run_sample")


@dataclass
class Record:
    """What a run did, as its manifest in `_runs/` has it.

    Attributes
    ----------
    status
        running, done or failed.
    rows_in, rows_out
        Documents (for ingest: records of the archives) read and written.
    characters_in, characters_out, tokens_in, tokens_out
        Sums over those documents, in code points and tokens; None where the job does not see them.
    reasons
        Documents that went in and did not come out, by reason: with `rows_out` they add up to `rows_in`.
    details
        What else is worth knowing, by job.
    """

    run: str
    job: str
    status: str = "running"
    started: str = ""
    seconds: float = 0.0
    rows_in: int = 0
    rows_out: int = 0
    characters_in: int | None = None
    characters_out: int | None = None
    tokens_in: int | None = None
    tokens_out: int | None = None
    reasons: dict[str, int] = field(default_factory=dict)
    details: dict[str, Any] = field(default_factory=dict)
    config: dict[str, Any] = field(default_factory=dict)
    inputs: dict[str, Any] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    error: str | None = None

    def check(self) -> None:
        """Every document that went in came out once, or under one reason.

        Raises
        ------
        AssertionError
            The counts do not add up: a fault of the job, which must not publish.
        """
        accounted = self.rows_out + sum(self.reasons.values())
        if accounted != self.rows_in:
            raise AssertionError(
                f"{self.job}: {self.rows_in} documents in, {accounted} accounted for "
                f"({self.rows_out} out, {self.reasons})"
            )

    def settings(self, kind: type[C], *, root: str = "", strict: bool = False) -> C:
        """Return the settings of the run as a dataclass of this version.

        Settings that are not stored have their defaults; stored ones that this version does not know
        are ignored.

        Parameters
        ----------
        strict
            Refuse settings that this version does not know.

        Raises
        ------
        UserError
            A stored value is none that this version takes.
        """
        where = f"{FOLDER}/{self.run}.json"
        return from_stored(kind, {**self.config, "root": root}, where=where, strict=strict)


def digest(config: Any, inputs: Mapping[str, Any]) -> str:
    """Of all that decides what a job writes: equal digests, equal tables."""
    return digest_of(to_dict(config, without=_NO_SETTINGS), inputs)


def digest_of(settings: Mapping[str, Any], inputs: Mapping[str, Any]) -> str:
    """As `digest`, of the settings as a run's record has them."""
    content = json.dumps({"config": settings, "inputs": inputs}, sort_keys=True, default=str)
    return hashlib.sha256(content.encode()).hexdigest()


def unchanged(
    context: Context, config: Any, table: str, job: str, inputs: Mapping[str, Any]
) -> Record | None:
    """The record of the run that already made this table from the same inputs and settings.

    An option that was added since that run had its default.
    """
    found = manifest.current(context.root, table)
    if config.overwrite or found is None:
        return None
    if found.digest != digest(config, inputs) and not _same(
        context.root, found, job, config, inputs
    ):
        return None
    context.say(f"{job}: nothing has changed since {found.version} (--overwrite runs it again)")
    return load(context.root, found.made_by(job))


def _same(root: str, made: Manifest, job: str, config: Any, inputs: Mapping[str, Any]) -> bool:
    """Whether the recorded settings made the table of these inputs, and are these settings."""
    run = find(root, made.made_by(job))
    if run is None or made.digest != digest_of(run.config, inputs):
        return False
    try:
        recorded = run.settings(type(config), strict=True)
    except UserError:
        return False
    return digest(recorded, inputs) == digest(config, inputs)


def load(root: str, run: str) -> Record:
    """The record of a run."""
    uri = _uri(root, run)
    return _from_json(storage.read_bytes(uri), uri)


def find(root: str, run: str) -> Record | None:
    """The record of a run; None where there is none."""
    uri = _uri(root, run)
    found = storage.read_versioned(uri)
    return None if found is None else _from_json(found[0], uri)


def _from_json(data: bytes, uri: str) -> Record:
    return stored_json.build(Record, stored_json.loads(data, uri))


def all_records(root: str) -> list[Record]:
    """The records of all runs, oldest first."""
    names = storage.list_names(storage.join(root, FOLDER))
    runs = sorted(each.uri.rpartition("/")[2] for each in names if each.uri.endswith(".json"))
    return [load(root, run.removesuffix(".json")) for run in runs]


@contextmanager
def record(context: Context, job: str, config: Any, inputs: Mapping[str, Any]) -> Iterator[Record]:
    """Record a run from its start to its end, or to the error that ended it."""
    _ = context.spark  # the time it takes to start is not the job's
    now = datetime.now(timezone.utc)
    run = Record(
        run=f"{now:%Y%m%dT%H%M%S}Z-{job}-{secrets.token_hex(3)}",
        job=job,
        started=f"{now:%Y-%m-%dT%H:%M:%SZ}",
        config=to_dict(config, without=_NO_SETTINGS),
        inputs=dict(inputs),
        versions=_versions(),
    )
    _save(context.root, run)
    context.doing = {"job": job, "run": run.run}
    context.event("started", settings=run.config, inputs=run.inputs)
    begin = time.monotonic()
    try:
        with progress.told(context):
            yield run
        run.status = "done"
    except BaseException as error:
        said = task_errors.told(error) or f"{type(error).__name__}: {error}"
        run.status, run.error = "failed", said[:2000]
        try:
            _end(context, run, begin)
        except UserError as unsaved:  # as where the disk is full: what came first is what is told
            context.say(f"{job}: the record of the run is not complete: {unsaved}")
        raise
    _end(context, run, begin)


def _end(context: Context, run: Record, begin: float) -> None:
    run.seconds = round(time.monotonic() - begin, 1)
    counted = ("seconds", "rows_in", "rows_out", "tokens_in", "tokens_out", "reasons", "error")
    event = "finished" if run.status == "done" else "failed"
    context.event(event, **{name: getattr(run, name) for name in counted})
    context.doing = {}
    _save(context.root, run)


def _versions() -> dict[str, str]:
    packages = ("redpajama-spark", "pyspark", "pyarrow", "resiliparse", "fastwarc")
    versions = {"python": platform.python_version()}
    for package in packages:
        try:
            versions[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:  # run from a checkout or an archive
            versions[package] = "not installed"
    return versions


def _uri(root: str, run: str) -> str:
    return storage.join(root, FOLDER, f"{run}.json")


def _save(root: str, run: Record) -> None:
    storage.write_bytes(_uri(root, run.run), stored_json.dumps(asdict(run)).encode())
