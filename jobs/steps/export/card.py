"""The dataset card: what a data set is and how it was made, for people and for Hugging Face's hub."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pyarrow as pa
import yaml

from jobs.runtime.context import Context
from jobs.steps.export.files import Written
from jobs.steps.export.selection import Kind
from jobs.tables import runs
from jobs.tables.runs import Record
from schemas.settings.commands import JOBS
from schemas.settings.common import BUCKETS
from schemas.settings.export import ExportConfig
from schemas.settings.mapping import by_current_names

# what a run records that is the machine's, not the data's
_NO_SETTING = ("sample", "dry_run", "file_megabytes")
_MADE_OF = ("mixture", "corpus", "duplicates", "annotated")
_TYPES = {pa.string(): "string", pa.int32(): "int32", pa.int64(): "int64", pa.float64(): "float64"}
_UNITS = {1000: "1K", 10**6: "1M", 10**9: "1B", 10**12: "1T"}


def made_by(context: Context, table: str) -> list[Record]:
    """The runs that made a table and those it was made from, the last first, as far as recorded."""
    found: list[Record] = []
    wanted = {table: context.table(table).required().version}
    while wanted:
        name, version = wanted.popitem()
        run = _run(context, name, version)
        if run is not None and run not in found:
            found.append(run)
            wanted |= {key: str(value) for key, value in run.inputs.items() if key in _MADE_OF}
    return found


def _run(context: Context, table: str, version: str) -> Record | None:
    """The run that made a version of a table, whatever a takedown has left out of it since."""
    current = context.table(table).manifest
    if current is not None and current.version == version:
        version = current.made_by
    return runs.find(context.root, version)


def card(
    config: ExportConfig,
    schema: pa.Schema,
    kinds: Sequence[Kind],
    written: Sequence[Written],
    made_by: Sequence[Record],
) -> str:
    """The card as Markdown, after the header that says how the files are read."""
    header = _header(config, schema, kinds, written)
    said = yaml.dump(header, Dumper=_Whole, sort_keys=False, allow_unicode=True, width=1000)
    tokenizer = next(
        (str(run.inputs["tokenizer"]) for run in made_by if "tokenizer" in run.inputs), ""
    )
    counted = f"Tokens are those of {tokenizer}." if tokenizer else ""
    parts = [
        f"---\n{said}---",
        f"# {header['pretty_name']}",
        f"{_sum(kinds, 'documents'):,} documents, {_sum(kinds, 'tokens'):,} tokens, made by "
        f"redpajama-spark. {counted}".strip(),
        "## Slices",
        _table("slice", kinds, lambda each: each.slice),
        "## Licences",
        "The licence of a document is in its column `license`, as its source names it. Where a source "
        "names none, as web pages, the rights are with the authors.",
        _table("licence", kinds, lambda each: each.license or "not named"),
        "## Languages",
        _table("language", kinds, lambda each: each.language or "not identified"),
        "## How it was made",
        _how(config, made_by),
    ]
    return "\n\n".join(parts) + "\n"


class _Whole(yaml.SafeDumper):
    """YAML without references to what was said before, which not all readers of cards follow."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _header(
    config: ExportConfig, schema: pa.Schema, kinds: Sequence[Kind], written: Sequence[Written]
) -> dict[str, Any]:
    features = [{"name": field.name, "dtype": _TYPES[field.type]} for field in schema]
    slices = sorted({each.slice for each in kinds})
    below = {"default": ""}
    if config.table == "corpus":
        below |= {name: f"{name}/" for name in slices}
    infos = []
    for name, folder in below.items():
        files = [each for each in written if each.path.startswith(f"data/{folder}")]
        in_memory = sum(each.raw_bytes or 0 for each in files)
        documents = sum(each.rows for each in files)
        split = {"name": "train", "num_bytes": in_memory, "num_examples": documents}
        infos.append(
            {
                "config_name": name,
                "features": features,
                "splits": [split],
                "download_size": sum(each.bytes for each in files),
                "dataset_size": in_memory,
            }
        )
    inside = "*/" if config.table == "corpus" else ""
    return {
        "pretty_name": f"RedPajama-Spark {config.table}",
        "license": "other",
        "license_name": "of-each-document",
        "language": sorted({each.language for each in kinds if each.language}),
        "task_categories": ["text-generation"],
        "tags": ["redpajama", "pretraining", *slices],
        "size_categories": [size_category(_sum(kinds, "documents"))],
        "configs": [
            {
                "config_name": name,
                "data_files": [
                    {"split": "train", "path": f"data/{folder or inside}train-*.parquet"}
                ],
            }
            for name, folder in below.items()
        ],
        "dataset_info": infos,
    }


def size_category(documents: int) -> str:
    """The hub's name for a number of rows.

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
    unit = max(each for each in _UNITS if each <= number)
    return f"{number // unit}{_UNITS[unit][1:]}"


def _sum(kinds: Sequence[Kind], field: str) -> int:
    return sum(getattr(each, field) for each in kinds)


def _table(what: str, kinds: Sequence[Kind], name: Callable[[Kind], str]) -> str:
    """Documents and tokens by a name, the most tokens first."""
    groups: dict[str, list[Kind]] = defaultdict(list)
    for each in kinds:
        groups[name(each)].append(each)
    total = _sum(kinds, "tokens") or 1
    rows = [f"| {what} | documents | tokens | share |", "| --- | ---: | ---: | ---: |"]
    for key, of in sorted(groups.items(), key=lambda item: (-_sum(item[1], "tokens"), item[0])):
        tokens = _sum(of, "tokens")
        rows.append(
            f"| {_cell(key)} | {_sum(of, 'documents'):,} | {tokens:,} | {tokens / total:.1%} |"
        )
    return "\n".join(rows)


def _cell(text: str) -> str:
    """A text from the data in one cell of a table, with nothing in it that Markdown or HTML reads."""
    plain = " ".join(text.split())
    for char, escape in {"&": "&amp;", "<": "&lt;", "|": "\\|", "`": "\\`", "[": "\\["}.items():
        plain = plain.replace(char, escape)
    return plain


def _how(config: ExportConfig, made_by: Sequence[Record]) -> str:
    chosen: dict[str, Any] = {"table": config.table}
    if tuple(config.buckets) != BUCKETS:
        chosen["buckets"] = list(config.buckets)
    if config.sample is not None:
        chosen["sample"] = f"{config.sample:,} tokens, each slice in its proportion"
    lines = [f"- export: {_settings(chosen)}"]
    for run in made_by:
        kind = JOBS.get(run.job)
        values = by_current_names(kind, run.config) if kind else run.config
        said = {key: value for key, value in values.items() if key not in _NO_SETTING}
        version = run.versions.get("redpajama-spark")
        lines.append(f"- {run.job} (redpajama-spark {version}): {_settings(said)}")
    return "\n".join(lines)


def _settings(said: Mapping[str, Any]) -> str:
    shown = (
        f"{key} {' '.join(map(str, value)) if isinstance(value, list) else value}"
        for key, value in said.items()
        if value not in (None, [], False)
    )
    return _cell("; ".join(shown))
