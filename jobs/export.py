"""Export tables as files in the formats of trainers and other tools.

A task writes each file in one step. `manifest.json`, with rows, bytes and SHA-256 of every file, is written
last; until then the folder has a file `_INCOMPLETE`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from jobs import storage
from jobs.runtime.context import Context, absolute
from jobs.steps.export import earlier, export_format
from jobs.steps.export.files import INCOMPLETE, MANIFEST, Written
from jobs.storage.public_names import published
from jobs.tables import runs
from jobs.tables.runs import Record
from schemas.errors import UserError
from schemas.settings.export import ExportConfig

_FORMAT_OPTIONS = ("table", "slices", "sample", "shards", "tokenizer", "eod", "compress")
_CHAT_OPTIONS = ("chat_template", "turns")


def run(context: Context, config: ExportConfig) -> Record:
    """Write the files of the format, then the manifest.

    Raises
    ------
    UserError
        There is nothing to export, an option does not apply to the format, or the output folder is
        neither empty nor, with `--overwrite`, an export in the same format.
    """
    config = replace(config, output=absolute(config.output))
    format_ = export_format.load(config.format)
    _check_options(config, format_.OPTIONS)
    _check_output(context.root, config)
    inputs = format_.inputs(context, config)
    with runs.record(context, "export", config, inputs) as record:
        write = format_.plan(context, config, record)
        storage.write_bytes(storage.join(config.output, INCOMPLETE), config.format.encode())
        # the manifest first: it must not list files that are removed
        removes_itself = getattr(format_, "KEEPS_SHARDS", False)
        for name in (MANIFEST, *(() if removes_itself else format_.FOLDERS)):
            storage.remove_tree(storage.join(config.output, name))
        written = write()
        record.check()
        record.details["files"] = len(written)
        content = manifest(config, inputs, record, written)
        storage.write_bytes(storage.join(config.output, MANIFEST), content)
        storage.remove_tree(storage.join(config.output, INCOMPLETE))
        kept = record.details.get("files_kept", 0)
        context.print(
            f"export: {record.rows_out:,} documents in {len(written):,} files at {config.output}"
            + (f", of which {kept:,} stay as they were" if kept else "")
        )
    return record


def _check_options(config: ExportConfig, accepted: Sequence[str]) -> None:
    """Refuse options that the format would ignore."""
    for name in (*_FORMAT_OPTIONS, *_CHAT_OPTIONS):
        field = ExportConfig.__dataclass_fields__[name]
        if name not in accepted and getattr(config, name) != field.default:
            flag = name.replace("_", "-")
            raise UserError(f"--{flag} does not apply to --format {config.format}: remove it")
    if config.eod is not None and config.tokenizer is None:
        raise UserError("--eod is a token of --tokenizer: give --tokenizer too")
    if config.held_out and config.table != "corpus":
        raise UserError("--held-out is a part of the corpus: add --table corpus")
    if config.format != "redpajama-v2" and config.table == "mixture" and config.shards:
        raise UserError(
            "--shards applies to --table corpus only: the mixture keeps the shards that mix made"
        )


def _check_output(root: str, config: ExportConfig) -> None:
    """Refuse a folder whose other files the export would mix with or remove."""
    output = config.output
    (_, tables), (_, files) = storage.locate(root), storage.locate(output)
    if f"{files}/".startswith(f"{tables}/") or f"{tables}/".startswith(f"{files}/"):
        # folders of formats may have the names of tables
        raise UserError(f"--output {output}: choose a folder outside of the root {root}")
    if not storage.exists(output):
        return
    if not config.overwrite:
        raise UserError(
            f"{output} is not empty: choose another folder; "
            "--overwrite replaces the files of an earlier export"
        )
    present = _format_of(output)
    if present is None:
        raise UserError(f"{output} is not an earlier export: choose another folder")
    if present != config.format:
        # files of the other format have other names, and would remain
        raise UserError(f"{output} is an export as {present}: choose another folder")


def _format_of(output: str) -> str | None:
    """Return the format of a complete or incomplete export; None if the folder is not an export."""
    stored = storage.read_versioned(storage.join(output, MANIFEST))
    if stored is not None:
        try:
            return str(json.loads(stored[0])["format"])
        except (ValueError, TypeError, KeyError) as error:
            file = storage.join(output, MANIFEST)
            raise UserError(
                f"{file} is damaged: remove {output}, or choose another folder"
            ) from error
    stored = storage.read_versioned(storage.join(output, INCOMPLETE))
    return stored[0].decode() if stored else None


def manifest(
    config: ExportConfig, inputs: Mapping[str, Any], record: Record, written: Sequence[Written]
) -> bytes:
    """Return the manifest: settings, inputs, counts and files; equal exports give equal bytes."""
    counts = {
        "tokens": record.tokens_out,
        "mended": record.details.get("mended"),
    }
    content = {
        **earlier.settings(config, record),
        "inputs": published(inputs),
        "documents": record.rows_out,
        **{name: value for name, value in counts.items() if value is not None},
        "bytes": sum(file.bytes for file in written),
        "files": [_entry(file) for file in sorted(written)],
    }
    return (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode()


def _entry(file: Written) -> dict[str, Any]:
    names = ["path", "rows", "bytes", "sha256", "tokens"]
    if file.ids is not None:  # what the next export needs to keep the file
        names += ["mended", "raw_bytes", "raw_sha256", "ids", "skipped"]
    entry = {name: getattr(file, name) for name in names}
    return {name: value for name, value in entry.items() if value is not None}


if __name__ == "__main__":
    from jobs.cli import main

    sys.exit(main(["export", *sys.argv[1:]]))
