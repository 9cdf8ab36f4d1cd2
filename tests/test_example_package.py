"""A package that adds a slice, a signal, an export format and a filter set: built, installed, run."""

from __future__ import annotations

import json
import os
import pickle
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml
from pyspark import cloudpickle

from jobs import slices
from jobs.slices.names import hashed_name
from jobs.slices.reader import SplitReader
from jobs.sources.splits import whole
from jobs.storage import ObjectInfo
from schemas.errors import UserError

PROJECT = Path(__file__).parents[1]
PACKAGE = PROJECT / "tests/example_package"
ROWS = [
    "text,url",
    '"The town lies on a river, and its mill is older than its church.",http://a.example/1',
    '"int main() { if (x) { y(); } } int f() { return {}; }",http://a.example/2',
    '" ",http://a.example/3',
]

# one session for all commands; only its lines of JSON are printed
PROGRAM = """
import json, sys
from jobs import cli
from jobs.runtime import session
spark = session.local_session(
    cores=1, shuffle_partitions=1, java_options=session.QUICK, settings=session.INTERPRETED
)
for command in json.loads(sys.argv[1]):
    print(f"=== {cli.main(command)}", flush=True)
spark.stop()
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the package's wheel is installed into, without a network."""
    source, target = (
        tmp_path_factory.mktemp("source") / "package",
        tmp_path_factory.mktemp("target"),
    )
    shutil.copytree(PACKAGE, source)
    offline = ("--no-index", "--no-deps", "--no-build-isolation", "--disable-pip-version-check")
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "-q", *offline, "--target", target, source],
        check=True,
        capture_output=True,
        timeout=300,
    )
    return target


@pytest.fixture(scope="module")
def outputs(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """A folder with a root and an export, and what each command printed."""
    folder = tmp_path_factory.mktemp("run")
    file, root, config = folder / "pages.csv", str(folder / "root"), folder / "corpus.yaml"
    file.write_text("\n".join(ROWS) + "\n")
    settings = {
        "root": root,
        "ingest": [{"slice": "csv_text", "input": [str(file)]}],
        "curate": {"filters": ["example-prose"]},
        "mix": {"tokens": 10, "shards": 1, "weights": ["csv_text=1"]},
    }
    config.write_text(yaml.safe_dump(settings))
    ids = [f"csv_text/{hashed_name(str(file), number)}" for number in (0, 1)]
    commands = [
        ["run", "--config", str(config)],
        ["export", "--root", root, "--format", "tsv", "--output", str(folder / "tsv")],
        ["export", "--root", root, "--format", "jsonl", "--output", str(folder / "jsonl")],
        ["trace", *ids, "--root", root, "--json"],
        ["trace", ids[0], "--root", root],
        ["report", "--root", root],
    ]
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, json.dumps(commands)],
        env={**os.environ, "PYTHONPATH": f"{PROJECT}{os.pathsep}{installed}"},
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )
    *printed, _ = done.stdout.split("=== 0\n")
    assert len(printed) == len(commands), done.stdout + done.stderr
    return folder, printed


def test_a_slice_goes_from_ingest_to_the_mixture(outputs: tuple[Path, list[str]]) -> None:
    folder, printed = outputs
    assert "csv_text" in printed[0]
    counts = json.loads(max((folder / "root/_runs").glob("*ingest*.json")).read_text())
    assert (counts["rows_in"], counts["rows_out"], counts["reasons"]) == (3, 2, {"empty": 1})
    assert "csv_text" in (folder / "root/report.html").read_text()


def test_its_signal_is_measured(outputs: tuple[Path, list[str]]) -> None:
    folder, _ = outputs
    files = list((folder / "root/annotated").glob("*/**/*.parquet"))
    rows = [row for file in files for row in pq.ParquetFile(file).read().to_pylist()]
    measured = {row["url"]: dict(row["user_signals"])["braces"] for row in rows if row["url"]}
    assert measured["http://a.example/1"] == 0
    assert measured["http://a.example/2"] > 0.05


def test_its_documents_are_exported_in_its_format_and_in_ours(
    outputs: tuple[Path, list[str]],
) -> None:
    folder, _ = outputs
    [file] = (folder / "tsv/data").glob("**/*.tsv")
    [(id_, text)] = [line.split("\t") for line in file.read_text().splitlines()]
    assert id_ == f"csv_text/{hashed_name('pages.csv', 0)}"
    assert json.loads(text).startswith("The town")
    assert json.loads((folder / "tsv/manifest.json").read_text())["documents"] == 1
    assert list((folder / "jsonl/data").glob("**/*.jsonl.zst"))


def test_trace_shows_the_raw_record_and_what_the_function_decided(
    outputs: tuple[Path, list[str]],
) -> None:
    _, printed = outputs
    prose, code = (json.loads(line) for line in printed[3].splitlines())
    assert prose["raw"]["what"] == "row of CSV"
    assert prose["raw"]["headers"]["row"][1] == ["url", "http://a.example/1"]
    [stage] = [stage for stage in code["stages"] if stage["table"] == "corpus"]
    assert stage["said"].startswith("filter:example-prose/code: drop braces > 0.05")
    assert "raw record    row of CSV" in printed[4]


def test_a_worker_needs_the_module_and_not_the_metadata(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "pages.csv"
    file.write_text("\n".join(ROWS) + "\n")
    splits = whole([ObjectInfo(str(file), file.stat().st_size, "")])
    address = "redpajama_example.csv_text:SLICE"
    settings = json.dumps({"root": "/", "text_column": "text"})
    reader = SplitReader(address, "local", settings, splits)
    again = pickle.loads(cloudpickle.dumps(reader))  # type: ignore[no-untyped-call]
    numbers = [pa.record_batch({"id": [0]})]
    with pytest.raises(UserError, match="give the workers its module or wheel by --py-files"):
        list(again(numbers))
    monkeypatch.syspath_prepend(str(PACKAGE / "src"))
    rows: list[dict[str, Any]] = [row for batch in again(numbers) for row in batch.to_pylist()]
    assert [row["outcome"] for row in rows] == ["kept", "kept", "counted"]
    assert slices.at(address).traits.web is False
