"""The dataset card states the provenance of the data, and escapes what the data holds."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import yaml

from jobs import storage
from jobs.runtime.context import Context
from jobs.steps.export import card
from jobs.steps.export.files import Written
from jobs.steps.export.selection import Kind
from jobs.tables import manifest
from jobs.tables.manifest import Folder, Manifest
from jobs.tables.runs import Record
from schemas.settings.export import ExportConfig

SCHEMA = pa.schema([("id", pa.string()), ("token_count", pa.int32())])


def config(**settings: Any) -> ExportConfig:
    return ExportConfig(root="", output="", format="parquet", **settings)


def recorded(root: Path, run: Record) -> None:
    content = json.dumps(asdict(run)).encode()
    storage.write_bytes(f"{root}/_runs/{run.run}.json", content)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Runs of a mixture whose corpus has lost documents to a takedown since."""
    curate = {"annotated": "a", "tokenizer": "mine.json"}
    for run in (
        Record(
            "m", "mix", config={"seed": 7, "tokens": 1000, "short": "less"}, inputs={"corpus": "t"}
        ),
        Record("c", "curate", config={"filters": ["gopher"]}, inputs=curate),
        Record("a", "annotate", config={"languages": ["en"]}, inputs={"documents": "i"}),
        Record("i", "ingest"),
        Record("t", "takedown"),
    ):
        run.versions["redpajama-spark"] = "9.9"
        recorded(tmp_path, run)
    for table, version, run_id in (("mixture", "m", "m"), ("corpus", "t", "c")):
        job = "mix" if table == "mixture" else "curate"
        folder = Folder(f"{run_id}/rows", run_id, job)
        manifest.publish(str(tmp_path), Manifest(table, version, (folder,)), replacing=None)
    return tmp_path


def test_the_card_states_how_the_data_was_made(root: Path) -> None:
    runs = card.runs_behind(Context(str(root)), "mixture")
    assert [run.job for run in runs] == ["mix", "curate", "annotate"]
    content = card.card(config(sample=1000), SCHEMA, [], [], runs)
    assert "- mix (redpajama-spark 9.9): seed 7; tokens 1000; on_shortage shrink" in content
    assert "- curate (redpajama-spark 9.9): filters gopher" in content
    assert "- export: table mixture; sample 1,000 tokens" in content
    assert "Tokens are those of mine.json." in content
    assert card.runs_behind(Context(str(root)), "corpus")[0].job == "curate"


def test_the_header_counts_documents_and_bytes() -> None:
    kinds = [
        Kind("books", "all", "en", "MIT", 999, 3000),
        Kind("c4", "head", None, "<b>|`x`\n[a](b)", 1, 1000),
    ]
    written = [
        Written("data/books/train-00000-of-00001.parquet", 999, 50, "", raw_bytes=70),
        Written("data/c4/train-00000-of-00001.parquet", 1, 5, "", raw_bytes=7),
    ]
    content = card.card(config(table="corpus"), SCHEMA, kinds, written, [])
    _, header, text = content.split("---\n", 2)
    assert "&" not in header  # an alias, which not all readers resolve
    fields = yaml.safe_load(header)
    assert fields["size_categories"] == ["1K<n<10K"]
    counts = {info["config_name"]: info for info in fields["dataset_info"]}
    assert counts["default"]["splits"] == [{"name": "train", "num_bytes": 77, "num_examples": 1000}]
    assert (counts["c4"]["dataset_size"], counts["c4"]["download_size"]) == (7, 5)
    assert "| books | 999 | 3,000 | 75.0% |" in text
    assert "| &lt;b>\\|\\`x\\` \\[a](b) | 1 | 1,000 | 25.0% |" in text
    assert "| not identified | 1 | 1,000 | 25.0% |" in text


@pytest.mark.parametrize(
    ("documents", "category"),
    [
        (0, "n<1K"),
        (999, "n<1K"),
        (1000, "1K<n<10K"),
        (10**6 - 1, "100K<n<1M"),
        (10**9, "1B<n<10B"),
        (10**12 - 1, "100B<n<1T"),
        (10**12, "n>1T"),
    ],
)
def test_size_categories_have_the_hub_s_names(documents: int, category: str) -> None:
    assert card.size_category(documents) == category
