"""The certificate of a takedown: what was removed, from which tables, and that it is not found again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from jobs import storage
from jobs.runtime.context import Context, absolute
from jobs.steps.takedown import entries, files, kept_rows
from jobs.steps.takedown.sweep import Sweep
from jobs.steps.takedown.targets import Targets
from jobs.tables import file_scan, taken_down
from jobs.tables.manifest import Manifest
from jobs.tables.runs import Record
from schemas.errors import UserError
from schemas.settings.takedown import TakedownConfig
from udfs.addresses.takedown_keys import Named, key

_CHUNK = 1 << 20


@dataclass(frozen=True)
class Evidence:
    """The files and texts that were stored before a takedown.

    Attributes
    ----------
    texts
        SHA-256 of each document's text, as UTF-8, by id.
    files
        The files that held a document: table, path below it, rows of documents, bytes, SHA-256, and
        whether the file was of a current version.
    """

    texts: dict[str, str]
    files: list[dict[str, Any]]


def gather(context: Context, now: Mapping[str, Manifest], targets: Targets) -> Evidence:
    """Read the files that hold the documents, before they are changed."""
    named = files.named(now)
    taken = taken_down.load(targets.result.taken_files)
    texts: dict[str, str] = {}
    held = []
    # documents/ first: it has the text as it was ingested
    for hit in sorted(targets.result.hits, key=lambda hit: (hit.table != "documents", hit)):
        if hit.taken == 0:
            continue
        uri = storage.join(context.root, hit.table, hit.path)
        is_current = (hit.table, hit.path) in named
        about = {"table": hit.table, "path": hit.path, "is_current": is_current}
        held.append({**about, "documents": hit.taken, **_hashed(uri)})
        if is_current and hit.table in files.KEYED:
            for id_, digest in _texts(uri, taken):
                texts.setdefault(id_, digest)
    return Evidence(texts, held)


def _texts(uri: str, taken: Named) -> Iterable[tuple[str, str]]:
    for batch in file_scan.batches(uri, ("id", "text")):
        columns = batch.to_pydict()
        for row in files.mask_of(columns["id"], taken).nonzero()[0]:
            text = columns["text"][row] or ""
            yield columns["id"][row], hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def _hashed(uri: str) -> dict[str, Any]:
    digest, size = hashlib.sha256(), 0
    with storage.open_stream(uri) as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return {"bytes": size, "sha256": digest.hexdigest()}


def write(
    context: Context,
    config: TakedownConfig,
    record: Record,
    targets: Targets,
    evidence: Evidence,
    now: Mapping[str, Manifest],
    after: dict[str, Manifest],
    scratch: str,
) -> None:
    """Search all files again, and write the certificate as JSON.

    Parameters
    ----------
    now, after
        The versions before the takedown, and after it.

    Raises
    ------
    UserError
        A document is found again, for example in files of a run that is still active.
    """
    assert config.certificate is not None
    content = {
        "certificate": "removal of documents",
        "run": record.run,
        "software": f"redpajama-spark {record.versions.get('redpajama-spark')}",
        "started": record.started,
        "finished": f"{datetime.now(timezone.utc):%Y-%m-%dT%H:%M:%SZ}",
        "request": {
            "date": entries.day(config.date),
            "reason": config.reason,
            "entries": [{"kind": kind, "value": value} for kind, value in targets.entries],
        },
        "documents": [
            {
                "id": id_,
                "url": targets.matched.urls.get(id_),
                "entries": [name.replace("\t", " ", 1) for name in sorted(keys)],
                "text_sha256": evidence.texts.get(id_),
            }
            for id_, keys in sorted(targets.matched.keys.items())
        ],
        "tables": _tables(context, now, after),
        "files_before": evidence.files,
        "search_after": _search(context, record, targets, after, scratch),
        "kept": _kept(context, config, record, targets),
    }
    uri = absolute(config.certificate)
    storage.write_bytes(uri, (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode())
    context.print(f"takedown: the certificate is {uri}")


def _tables(
    context: Context, now: Mapping[str, Manifest], after: Mapping[str, Manifest]
) -> list[dict[str, Any]]:
    """Return the versions of each table, and the files that the takedown wrote."""
    tables = []
    for name in reversed(files.TABLES):
        if name in now:
            before = {file.path for file in now[name].files}
            written = [file for file in after[name].files if file.path not in before]
            versions = {"version_before": now[name].version, "version_after": after[name].version}
            rows = {"rows_before": now[name].rows, "rows_after": after[name].rows}
            hashed = [
                {
                    "path": file.path,
                    "rows": file.rows,
                    **_hashed(context.table(name).uri(file.path)),
                }
                for file in written
            ]
            tables.append({"table": name, **versions, **rows, "files_written": hashed})
    return tables


def _search(
    context: Context, record: Record, targets: Targets, after: dict[str, Manifest], scratch: str
) -> dict[str, Any]:
    """Search all files of all versions for the documents again."""
    search = Sweep(context, after, storage.join(scratch, "again"), record.run)
    matched = search.matched(taken_down.files(context.root), ())
    hits = search.hits(targets.result.taken_files, targets.result.taken_files)
    if matched.keys or hits:
        places = sorted({f"{hit.table}/{hit.path}" for hit in hits}) or sorted(matched.keys)
        raise UserError(
            f"--certificate: a document is still in {places[0]}: run the takedown again when all "
            "other jobs have ended"
        )
    return {
        "files": len(search.files),
        "compared": ["id", "url", "digest", "source_domain"],
        "documents_found": 0,
        "files_without_ids_not_searched": search.without_ids,
        "active_runs_not_searched": search.active,
    }


def _kept(
    context: Context, config: TakedownConfig, record: Record, targets: Targets
) -> dict[str, Any]:
    """Return where rows are kept for `--restore`; nothing after a permanent takedown."""
    kept = kept_rows.all_of(context.root)
    named = Named(key(*entry) for entry in targets.entries)
    ids = kept_rows.ids_named(context.root, kept, named)
    folders = [f"{kept_rows.FOLDER}/{takedown.run}" for takedown in kept] if ids else []
    return {"documents": len(ids), "folders": folders, "is_permanent": config.permanent}


def check(config: TakedownConfig) -> None:
    """Check that there will be something to certify.

    Raises
    ------
    UserError
        `--certificate` is given with `--dry-run` or `--restore`.
    """
    for name in ("dry_run", "restore"):
        if config.certificate is not None and getattr(config, name):
            option = name.replace("_", "-")
            raise UserError(f"--certificate does not apply to --{option}: remove one of them")
