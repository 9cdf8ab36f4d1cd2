"""The dataset card: content and provenance of a data set, for people and for Hugging Face's hub."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pyarrow as pa
import yaml

from jobs.runtime.context import Context
from jobs.steps.export.files import Written
from jobs.steps.export.selection import Kind
from jobs.storage.public_names import published
from jobs.tables import runs
from jobs.tables.runs import Record
from schemas.settings.commands import JOBS
from schemas.settings.common import BUCKETS
from schemas.settings.export import ExportConfig
from schemas.settings.mapping import by_current_names

# recorded settings that do not change the data
_OMITTED_SETTINGS = ("sample", "dry_run", "file_megabytes")
_SOURCE_TABLES = ("mixture", "corpus", "duplicates", "annotated")
_TYPES = {pa.string(): "string", pa.int32(): "int32", pa.int64(): "int64", pa.float64(): "float64"}
_UNITS = {1000: "1K", 10**6: "1M", 10**9: "1B", 10**12: "1T"}


def runs_behind(context: Context, table: str) -> list[Record]:
    """Return the recorded runs that made a table and the tables that it was made from, the last run first."""
    records: list[Record] = []
    versions = {table: context.table(table).required().version}
    while versions:
        name, version = versions.popitem()
        run = _run(context, name, version)
        if run is not None and run not in records:
            records.append(run)
            versions |= {
                key: str(value) for key, value in run.inputs.items() if key in _SOURCE_TABLES
            }
    return records


def _run(context: Context, table: str, version: str) -> Record | None:
    """Return the run that made a version of a table, looking past takedowns of the current one."""
    current = context.table(table).manifest
    if current is not None and current.version == version:
        version = current.made_by
    return runs.find(context.root, version)


def card(
    config: ExportConfig,
    schema: pa.Schema,
    kinds: Sequence[Kind],
    written: Sequence[Written],
    source_runs: Sequence[Record],
) -> str:
    """Return the card: a YAML header on how to read the files, then Markdown."""
    header = _header(config, schema, kinds, written)
    front_matter = yaml.dump(
        header, Dumper=_NoAliases, sort_keys=False, allow_unicode=True, width=1000
    )
    tokenizer = next(
        (str(run.inputs["tokenizer"]) for run in source_runs if "tokenizer" in run.inputs), ""
    )
    tokens_note = f"Tokens are those of {tokenizer}." if tokenizer else ""
    parts = [
        f"---\n{front_matter}---",
        f"# {header['pretty_name']}",
        f"{_sum(kinds, 'documents'):,} documents, {_sum(kinds, 'tokens'):,} tokens, made by "
        f"redpajama-spark. {tokens_note}".strip(),
        "## Slices",
        _table("slice", kinds, lambda kind: kind.slice),
        "## Licences",
        "The licence of a document is in its column `license`, as its source names it. Where a source "
        "names none, as web pages, the rights are with the authors.",
        _table("licence", kinds, lambda kind: kind.license or "not named"),
        "## Languages",
        _table("language", kinds, lambda kind: kind.language or "not identified"),
        "## How it was made",
        _provenance(config, source_runs),
    ]
    return "\n\n".join(parts) + "\n"


class _NoAliases(yaml.SafeDumper):
    """YAML without aliases, which not all readers of cards resolve."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _header(
    config: ExportConfig, schema: pa.Schema, kinds: Sequence[Kind], written: Sequence[Written]
) -> dict[str, Any]:
    features = [_feature(field) for field in schema]
    slices = sorted({kind.slice for kind in kinds})
    folders = {"default": ""}
    if config.table == "corpus":
        folders |= {name: f"{name}/" for name in slices}
    infos = []
    for name, folder in folders.items():
        files = [file for file in written if file.path.startswith(f"data/{folder}")]
        in_memory = sum(file.raw_bytes or 0 for file in files)
        documents = sum(file.rows for file in files)
        split = {"name": "train", "num_bytes": in_memory, "num_examples": documents}
        infos.append(
            {
                "config_name": name,
                "features": features,
                "splits": [split],
                "download_size": sum(file.bytes for file in files),
                "dataset_size": in_memory,
            }
        )
    any_slice = "*/" if config.table == "corpus" else ""
    return {
        "pretty_name": f"RedPajama-Spark {config.table}",
        "license": "other",
        "license_name": "of-each-document",
        "language": sorted({kind.language for kind in kinds if kind.language}),
        "task_categories": ["text-generation"],
        "tags": ["redpajama", "pretraining", *slices],
        "size_categories": [size_category(_sum(kinds, "documents"))],
        "configs": [
            {
                "config_name": name,
                "data_files": [
                    {"split": "train", "path": f"data/{folder or any_slice}train-*.parquet"}
                ],
            }
            for name, folder in folders.items()
        ],
        "dataset_info": infos,
    }


def _feature(field: pa.Field) -> dict[str, Any]:
    """Return a column as `datasets` describes it; a list of structs has its fields."""
    if pa.types.is_list(field.type):
        return {"name": field.name, "list": [_feature(inner) for inner in field.type.value_type]}
    return {"name": field.name, "dtype": _TYPES[field.type]}


def size_category(documents: int) -> str:
    """Return the hub's name for a number of rows.

    >>> [size_category(n) for n in (999, 1000, 123_456, 10**12)]
    ['n<1K', '1K<n<10K', '100K<n<1M', 'n>1T']
    """
    if documents < 1000:
        return "n<1K"
    if documents >= 10**12:
        return "n>1T"
    low = 10 ** (len(str(documents)) - 1)
    return f"{_short(low)}<n<{_short(10 * low)}"


def _short(number: int) -> str:
    unit = max(unit for unit in _UNITS if unit <= number)
    return f"{number // unit}{_UNITS[unit][1:]}"


def _sum(kinds: Sequence[Kind], field: str) -> int:
    return sum(getattr(kind, field) for kind in kinds)


def _table(heading: str, kinds: Sequence[Kind], name: Callable[[Kind], str]) -> str:
    """Return a table of documents and tokens by name, the most tokens first."""
    groups: dict[str, list[Kind]] = defaultdict(list)
    for kind in kinds:
        groups[name(kind)].append(kind)
    total = _sum(kinds, "tokens") or 1
    rows = [f"| {heading} | documents | tokens | share |", "| --- | ---: | ---: | ---: |"]
    for key, group in sorted(groups.items(), key=lambda item: (-_sum(item[1], "tokens"), item[0])):
        tokens = _sum(group, "tokens")
        rows.append(
            f"| {_cell(key)} | {_sum(group, 'documents'):,} | {tokens:,} | {tokens / total:.1%} |"
        )
    return "\n".join(rows)


def _cell(text: str) -> str:
    """Return a text from the data as one cell of a table, with Markdown and HTML escaped."""
    plain = " ".join(text.split())
    for char, escape in {"&": "&amp;", "<": "&lt;", "|": "\\|", "`": "\\`", "[": "\\["}.items():
        plain = plain.replace(char, escape)
    return plain


def _provenance(config: ExportConfig, source_runs: Sequence[Record]) -> str:
    options: dict[str, Any] = {"table": config.table}
    if tuple(config.buckets) != BUCKETS:
        options["buckets"] = list(config.buckets)
    if config.sample is not None:
        options["sample"] = f"{config.sample:,} tokens, each slice in its proportion"
    lines = [f"- export: {_settings(options)}"]
    for run in source_runs:
        config_type = JOBS.get(run.job)
        values = by_current_names(config_type, run.config) if config_type else run.config
        settings = {
            key: published(value) for key, value in values.items() if key not in _OMITTED_SETTINGS
        }
        version = run.versions.get("redpajama-spark")
        lines.append(f"- {run.job} (redpajama-spark {version}): {_settings(settings)}")
    return "\n".join(lines)


def _settings(values: Mapping[str, Any]) -> str:
    parts = (
        f"{key} {' '.join(map(str, value)) if isinstance(value, list) else value}"
        for key, value in values.items()
        if value not in (None, [], False)
    )
    return _cell("; ".join(parts))
