"""Run records in `ROOT/_runs/`: what a run read, wrote, counted and was configured with."""

from __future__ import annotations

import hashlib
import json
import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, dataclass, field
from datetime import datetime, timezone
from typing import Any, TypeVar

from jobs import storage
from jobs.runtime import interrupts, package_versions, process_identity, progress, task_errors
from jobs.runtime.context import Context
from jobs.tables import stored_json
from schemas.errors import UserError
from schemas.settings.stored import from_stored, to_dict

FOLDER = "_runs"

C = TypeVar("C")

# jobs whose tables do not depend on their record
_NO_OVERWRITE = ("ingest", "takedown")

# options that do not change what a job writes
_NO_SETTINGS = ("root", "overwrite", "explain", "certify", "dry_run", "dry_run_sample")


@dataclass
class Record:
    """The record of a run, as stored in `_runs/`.

    Attributes
    ----------
    status
        running, done, failed, or stopped by Ctrl-C or SIGTERM.
    started
        The time in UTC (ISO 8601), to a millisecond; to a second in records of release 0.1.
    rows_in, rows_out
        Documents (for ingest: records of the inputs) read and written.
    characters_in, characters_out, tokens_in, tokens_out
        Sums over those documents, in code points and tokens; None where the job does not see them.
    reasons
        Documents that went in and did not come out, by reason: with `rows_out` they add up to `rows_in`.
    details
        Further figures of the job; `repeated` is the number of rows that are second or later copies
        of a document.
    process
        The process that runs it (`jobs.runtime.process_identity`).
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
    process: str | None = None

    def check(self) -> None:
        """Check that every document that went in came out, or is counted under one reason.

        Raises
        ------
        AssertionError
            The counts do not add up: a fault of the job, which must not publish.
        """
        distinct = self.rows_out - self.details.get("repeated", 0)
        accounted = distinct + sum(self.reasons.values())
        if accounted != self.rows_in:
            raise AssertionError(
                f"{self.job}: {self.rows_in} documents in, {accounted} accounted for "
                f"({distinct} out, {self.reasons})"
            )

    def may_be_running(self, since: datetime) -> bool:
        """Return whether the run may still write: it has not ended, and started after that time.

        A process of this machine that was killed has ended.
        """
        if self.status != "running" or process_identity.is_over(self.process):
            return False
        return datetime.fromisoformat(self.started.replace("Z", "+00:00")) > since

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
    """Return the digest of all that decides what a job writes: equal digests, equal tables."""
    return digest_of(to_dict(config, without=_NO_SETTINGS), inputs)


def digest_of(settings: Mapping[str, Any], inputs: Mapping[str, Any]) -> str:
    """Return `digest` for settings as a run record has them."""
    content = json.dumps({"config": settings, "inputs": inputs}, sort_keys=True, default=str)
    return hashlib.sha256(content.encode()).hexdigest()


def load(root: str, run: str) -> Record:
    """Return the record of a run.

    Raises
    ------
    UserError
        The record is missing, damaged or of a later format.
    """
    record = find(root, run)
    if record is None:
        raise UserError(
            f"{_uri(root, run)} is missing: put it back from a copy, or run `redpajama "
            f"{job_of(run)} --overwrite`"
        )
    return record


def find(root: str, run: str) -> Record | None:
    """Return the record of a run; None where there is none."""
    uri = _uri(root, run)
    stored = storage.read_versioned(uri)
    return None if stored is None else _from_json(stored[0], uri)


def _from_json(data: bytes, uri: str) -> Record:
    job = job_of(uri.rpartition("/")[2].removesuffix(".json"))
    again = "" if job in _NO_OVERWRITE else f" and run `redpajama {job} --overwrite`"
    return stored_json.read(data, uri, _record, repair=f"remove it{again}")


def _record(content: dict[str, Any]) -> Record:
    return stored_json.build(Record, content)


def job_of(run: str) -> str:
    """Return the job that the name of a run has.

    >>> job_of("20261128T163809Z-curate-fb24e6")
    'curate'
    """
    return run.partition("-")[2].rpartition("-")[0]


def all_records(root: str) -> list[Record]:
    """Return the records of all runs, oldest first."""
    stored = storage.list_names(storage.join(root, FOLDER))
    runs = [file.uri.rpartition("/")[2] for file in stored if file.uri.endswith(".json")]
    records = [load(root, run.removesuffix(".json")) for run in runs]
    # runs of one second have names in the order of their jobs
    return sorted(records, key=lambda record: (record.started, record.run))


@contextmanager
def record(
    context: Context, job: str, config: Any, inputs: Mapping[str, Any], *, spark: bool = True
) -> Iterator[Record]:
    """Record a run from its start to its end, or to the error that ends it.

    Parameters
    ----------
    spark
        Start the session now, so that the seconds of the run do not include it, and report its progress.
    """
    if spark:
        _ = context.spark
    now = datetime.now(timezone.utc)
    run = Record(
        run=f"{now:%Y%m%dT%H%M%S}Z-{job}-{secrets.token_hex(3)}",
        job=job,
        started=f"{now:%Y-%m-%dT%H:%M:%S}.{now.microsecond // 1000:03}Z",
        config=to_dict(config, without=_NO_SETTINGS),
        inputs=dict(inputs),
        versions=package_versions.versions(),
        process=process_identity.own(),
    )
    save(context.root, run)
    context.current_run = {"job": job, "run": run.run}
    context.event("started", settings=run.config, inputs=run.inputs)
    begin = time.monotonic()
    try:
        with progress.shown(context) if spark else nullcontext():
            yield run
        run.status = "done"
    except BaseException as error:
        stopped = interrupts.is_interrupt(error)
        message = task_errors.user_message(error) or f"{type(error).__name__}: {error}"
        run.status = "stopped" if stopped else "failed"
        run.error = None if stopped else message[:2000]
        try:
            _end(context, run, begin)
        except UserError as unsaved:  # for example a full disk: the first error is the one to show
            context.print(f"{job}: the record of the run is not complete: {unsaved}")
        raise
    _end(context, run, begin)


def _end(context: Context, run: Record, begin: float) -> None:
    run.seconds = round(time.monotonic() - begin, 1)
    figures = ("seconds", "rows_in", "rows_out", "tokens_in", "tokens_out", "reasons", "error")
    event = "finished" if run.status == "done" else run.status
    context.event(event, **{name: getattr(run, name) for name in figures})
    context.current_run = {}
    save(context.root, run)


def _uri(root: str, run: str) -> str:
    return storage.join(root, FOLDER, f"{run}.json")


def save(root: str, run: Record) -> None:
    """Store a record as it is now.

    Jobs store it with its counts before they publish, so that a run killed right after has them.
    """
    storage.write_bytes(_uri(root, run.run), stored_json.dumps(asdict(run)).encode())
