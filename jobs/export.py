"""What other tools read: tables become files in the format of another project.

A task writes its files in one step each. Last of all comes `manifest.json`, with rows, bytes and SHA-256
of every file; until then `_INCOMPLETE` is there.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from jobs import storage
from jobs.runtime.context import Context, absolute
from jobs.steps.export import export_format
from jobs.steps.export.files import Written
from jobs.tables import runs
from jobs.tables.runs import Record
from schemas.errors import UserError
from schemas.settings.export import ExportConfig
from schemas.settings.stored import to_dict

MANIFEST = "manifest.json"
INCOMPLETE = "_INCOMPLETE"

_SOME_FORMATS = ("table", "slices", "sample", "shards", "tokenizer", "eod", "compress")


def run(context: Context, config: ExportConfig) -> Record:
    """Write the files of the format, then the manifest."""
    config = replace(config, output=absolute(config.output))
    format_ = export_format.load(config.format)
    _check_options(config, format_.OPTIONS)
    _check_output(context.root, config)
    inputs = format_.inputs(context, config)
    with runs.record(context, "export", config, inputs) as record:
        write = format_.plan(context, config, record)
        storage.write_bytes(storage.join(config.output, INCOMPLETE), config.format.encode())
        # the manifest first: it must not speak for files that are gone
        for name in (MANIFEST, *format_.FOLDERS):
            storage.remove_tree(storage.join(config.output, name))
        written = write()
        record.check()
        record.details["files"] = len(written)
        content = manifest(config, inputs, record, written)
        storage.write_bytes(storage.join(config.output, MANIFEST), content)
        storage.remove_tree(storage.join(config.output, INCOMPLETE))
        context.print(
            f"export: {record.rows_out:,} documents in {len(written):,} files at {config.output}"
        )
    return record


def _check_options(config: ExportConfig, taken: Sequence[str]) -> None:
    """Refuse settings that the format has no use for: their user expects something of them."""
    for name in _SOME_FORMATS:
        field = ExportConfig.__dataclass_fields__[name]
        if name not in taken and getattr(config, name) != field.default:
            raise UserError(f"--{name} is not for --format {config.format}: leave it out")
    if config.eod is not None and config.tokenizer is None:
        raise UserError("--eod is a token of --tokenizer: name that as well")
    if config.format != "redpajama-v2" and config.table == "mixture" and config.shards:
        raise UserError(
            "--shards is for --table corpus: the mixture keeps the shards that mix made"
        )


def _check_output(root: str, config: ExportConfig) -> None:
    """Refuse a folder where an export would mix with, or remove, what is none."""
    output = config.output
    (_, tables), (_, files) = storage.locate(root), storage.locate(output)
    if f"{files}/".startswith(f"{tables}/") or f"{tables}/".startswith(f"{files}/"):
        # the tables' folders have the same names
        raise UserError(f"--output {output}: choose a folder outside of the root {root}")
    if not storage.exists(output):
        return
    if not config.overwrite:
        raise UserError(
            f"{output} is not empty: choose another folder; "
            "--overwrite replaces the files of an earlier export"
        )
    earlier = _format_of(output)
    if earlier is None:
        raise UserError(f"{output} is not an earlier export: choose another folder")
    if earlier != config.format:
        # its files have other names, and would stay
        raise UserError(f"{output} is an export as {earlier}: choose another folder")


def _format_of(output: str) -> str | None:
    """The format of an export, whole or broken off; None where a folder is none."""
    found = storage.read_versioned(storage.join(output, MANIFEST))
    if found is not None:
        return str(json.loads(found[0])["format"])
    found = storage.read_versioned(storage.join(output, INCOMPLETE))
    return found[0].decode() if found else None


def manifest(
    config: ExportConfig, inputs: Mapping[str, Any], record: Record, written: Sequence[Written]
) -> bytes:
    """What was exported, of what, and every file; the same export, the same bytes."""
    counted = {
        "tokens": record.tokens_out,
        **{name: record.details.get(name) for name in ("packing", "mended")},
    }
    content = {
        **to_dict(config, without=("root", "output", "overwrite")),
        "inputs": inputs,
        "documents": record.rows_out,
        **{name: value for name, value in counted.items() if value is not None},
        "bytes": sum(each.bytes for each in written),
        "files": [_file(each) for each in sorted(written)],
    }
    return (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode()


def _file(written: Written) -> dict[str, Any]:
    file = {name: getattr(written, name) for name in ("path", "rows", "bytes", "sha256")}
    return file if written.tokens is None else file | {"tokens": written.tokens}


if __name__ == "__main__":
    from jobs.cli import main

    sys.exit(main(["export", *sys.argv[1:]]))
