"""How a run says how far it is: to a machine in JSON, to a person in lines."""

from __future__ import annotations

import io
import json
import logging
import re
from pathlib import Path

import pytest
from pyspark.sql import SparkSession
from rows import context, said

from jobs import ingest
from jobs.runtime import json_log, progress
from jobs.runtime.context import Context
from schemas.settings.ingest import C4Config


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> C4Config:
    monkeypatch.setattr(progress, "EVENT_SECONDS", 0.01)
    monkeypatch.setattr(progress, "LINE_SECONDS", 0.01)
    dump = tmp_path / "c4-train.00000.json"
    rows = [{"text": f"A text {n}.", "url": f"https://x.org/{n}"} for n in range(2000)]
    dump.write_text("".join(json.dumps(row) + "\n" for row in rows) + "{broken\n")
    return C4Config(root=str(tmp_path / "root"), input=(str(dump),))


def test_a_machine_is_told_in_json(spark: SparkSession, config: C4Config) -> None:
    out = io.StringIO()
    [record] = ingest.run(Context(config.root, spark, out=out, json=True), config)
    events = [json.loads(line) for line in out.getvalue().splitlines()]
    assert {event["event"] for event in events} == {"message", "started", "progress", "finished"}
    of_run = [event for event in events if event["event"] != "message"]
    assert {(event["job"], event["run"]) for event in of_run} == {("ingest", record.run)}
    assert all(0 <= x["done"] <= x["tasks"] for x in events if x["event"] == "progress")
    assert events[-1]["event"] == "finished"
    assert events[-1]["rows_out"] == 2000
    assert events[-1]["reasons"] == {"quarantine:broken-json": 1}
    assert [event["time"] for event in events] == sorted(event["time"] for event in events)


def test_a_person_is_told_in_lines(
    spark: SparkSession, config: C4Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = context(spark, config.root)
    ingest.run(given, config)
    assert re.search(r"^ingest: stage \d+: \d+ of \d+ tasks", said(given), re.MULTILINE)


def test_a_task_logs_where_it_is(spark: SparkSession, tmp_path: Path) -> None:
    def work(batches):  # type: ignore[no-untyped-def]
        for batch in batches:
            record = logging.LogRecord("jobs.x", logging.INFO, "f", 1, "resuming", (), None)
            text = json_log.JsonFormatter({"job": "ingest c4"}).format(record)
            yield batch.from_pydict({"line": [text]})

    rows = spark.range(1).mapInArrow(work, "line string").collect()
    lines = [json.loads(row["line"]) for row in rows]
    assert lines
    for line in lines:
        assert (line["job"], line["message"]) == ("ingest c4", "resuming")
        assert min(line["stage"], line["partition"], line["attempt"]) >= 0
