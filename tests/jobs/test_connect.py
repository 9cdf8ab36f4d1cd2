"""Spark Connect, as Databricks' serverless and shared clusters have it: the same pipeline, the same rows."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from roots import contents
from seven import Seven

from jobs.tables import manifest

PROJECT = Path(__file__).parents[2]
PIPELINE = """\
import sys
from pyspark.sql import SparkSession
from jobs import cli
from jobs.runtime.session import QUICK
quick = {
    "spark.driver.extraJavaOptions": f"-XX:+UseParallelGC {QUICK}",
    # a query reports only after this time, 2 s by default, and here they are shorter
    "spark.connect.progress.reportInterval": "100ms",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.shuffle.partitions": "3",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.driver.host": "127.0.0.1",
}
session = SparkSession.builder.remote("local[2]").config(map=quick).getOrCreate()
assert type(session).__module__.startswith("pyspark.sql.connect"), session
sys.exit(cli.main(["run", "--json-progress", "--config", sys.argv[1]]))
"""


# what reads alone, and what joins as well; the other slices are in the root already
INGESTED = ("c4", "stackexchange")


def test_the_whole_pipeline_through_connect(seven: Seven, tmp_path: Path) -> None:
    pytest.importorskip("grpc", reason="no Spark Connect: pip install 'redpajama-spark[connect]'")
    settings = yaml.safe_load(Path(seven.file).read_text())
    file = tmp_path / "corpus.yaml"
    root = tmp_path / "root"
    file.write_text(yaml.safe_dump({**settings, "root": str(root)}))
    for table in ("documents", "quarantine"):
        shutil.copytree(seven.root / table, root / table)
        _without(str(root), table, INGESTED)
    shutil.copytree(seven.root / "_runs", root / "_runs")
    done = subprocess.run(
        [sys.executable, "-c", PIPELINE, str(file)],
        cwd=PROJECT,
        env={**os.environ, "PYSPARK_PYTHON": sys.executable},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-5000:]
    events = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    finished = [event for event in events if event["event"] == "finished"]
    expected = [
        record
        for record in seven.records
        if record.job != "ingest" or record.details["what"][0] in INGESTED
    ]
    assert [event["job"] for event in finished] == [record.job for record in expected]
    assert [event["rows_out"] for event in finished] == [event.rows_out for event in expected]
    # Spark tells how far it is in another way than a classic session does
    assert [event for event in events if event["event"] == "progress" and event["tasks"] > 0]
    assert contents(str(root)) == contents(str(seven.root))


def _without(root: str, table: str, slices: tuple[str, ...]) -> None:
    """Have a table as it was before these slices."""
    published = manifest.current(root, table)
    assert published is not None
    folders = tuple(folder for folder in published.folders if folder.labels["slice"] not in slices)
    assert len(folders) < len(published.folders)
    runs = {folder.run for folder in folders}
    inputs = [ingested for ingested in published.inputs if ingested["run"] in runs]
    left = replace(published, folders=folders, inputs=inputs)
    Path(root, table, manifest.CURRENT).write_text(left.to_json())
