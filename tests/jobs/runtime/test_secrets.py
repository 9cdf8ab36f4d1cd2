"""Keys and passwords stay where they are: in the environment, and in no plan, table or error line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pyspark.sql import SparkSession
from s3_server import ACCESS_KEY, S3, SECRET_KEY

from jobs import slices, storage
from jobs.runtime import json_log
from jobs.steps.ingest import inputs
from schemas.errors import UserError
from schemas.settings.ingest import C4Config

PLANTED = "planted-Sn2yXq0wkey"


@pytest.mark.parametrize(
    "uri",
    [
        f"https://me:{PLANTED}@example.org/c4.json.gz",
        f"https://b.s3.amazonaws.com/c4.json.gz?X-Amz-Date=1&X-Amz-Signature={PLANTED}",
        f"https://b.s3.amazonaws.com/c4.json.gz?AWSAccessKeyId=1&Signature={PLANTED}&Expires=1",
        f"https://a.blob.core.windows.net/c/c4.json.gz?sv=2022&sig={PLANTED}",
        f"http://example.org/c4.json.gz?token={PLANTED}",
    ],
)
def test_an_address_with_a_secret_is_refused_before_it_is_stored(uri: str) -> None:
    with pytest.raises(UserError, match="give credentials by the environment") as refused:
        inputs.named(C4Config(root="/nowhere", input=(uri,)))
    assert PLANTED not in str(refused.value)


@pytest.mark.parametrize("uri", ["https://example.org/a?page=2", "s3://bucket/a@b?sig=1.gz"])
def test_other_addresses_are_none(uri: str) -> None:
    assert not inputs.has_secret(uri)


@pytest.mark.s3
def test_no_key_is_in_a_plan(
    spark: SparkSession, s3: S3, capsys: pytest.CaptureFixture[str]
) -> None:
    uri = s3.put("c4-train.00000.json", json.dumps({"text": "x", "url": "http://x.org"}).encode())
    config = C4Config(root="/nowhere", input=(uri,))
    rows = slices.load("c4").read(spark, storage.expand([uri]), config, "local")
    assert rows.count() == 1
    rows.explain(extended=True)
    settings = str(spark.sql("set -v").collect()) + str(spark.sql("set").collect())
    output = capsys.readouterr().out + settings
    assert "MapInArrow" in output
    assert SECRET_KEY not in output
    assert ACCESS_KEY not in output


@pytest.mark.s3
def test_no_key_is_in_an_error(s3: S3, monkeypatch: pytest.MonkeyPatch) -> None:
    uri = s3.put("a", b"x")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", PLANTED)
    with pytest.raises(UserError) as refused:
        storage.expand([uri])
    assert PLANTED not in str(refused.value)
    assert "is denied (403)" in str(refused.value)


def test_a_log_line_of_an_exception_has_no_traceback_with_its_values(tmp_path: Path) -> None:
    import logging

    formatter = json_log.JsonFormatter({"job": "ingest"})
    try:
        raise ValueError("what went wrong")
    except ValueError as error:
        record = logging.LogRecord(
            "jobs.x", logging.WARNING, "f", 1, "it %s", ("failed",), (type(error), error, None)
        )
    line = json.loads(formatter.format(record))
    assert (line["event"], line["job"], line["message"]) == ("log", "ingest", "it failed")
    assert line["error"] == "ValueError: what went wrong"
