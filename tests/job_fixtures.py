"""Fixtures of the tests of jobs: servers on loopback, the sample, and a root built from all of it."""

from __future__ import annotations

import io

import pytest
import yaml
from pyspark.sql import SparkSession
from seven import Seven, seven_settings

from jobs import run, sample
from jobs.runtime.context import Context
from jobs.sample import SampleInfo
from schemas.settings.run import RunConfig


@pytest.fixture(params=["file", pytest.param("s3", marks=pytest.mark.s3)])
def any_root(request: pytest.FixtureRequest) -> str:
    """Return the URI of an empty folder, once in the file system and once in an S3 bucket."""
    if request.param == "file":
        return str(request.getfixturevalue("tmp_path"))
    return str(request.getfixturevalue("s3").uri()).rstrip("/")


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> SampleInfo:
    """Build the embedded sample."""
    return sample.make(tmp_path_factory.mktemp("sample"))


@pytest.fixture(scope="session")
def seven(spark: SparkSession, made: SampleInfo, tmp_path_factory: pytest.TempPathFactory) -> Seven:
    """Run the pipeline over all slices in the local session, once for several files of tests."""
    folder = tmp_path_factory.mktemp("seven")
    file = folder / "corpus.yaml"
    file.write_text(yaml.safe_dump(seven_settings(made, str(folder / "root"))))
    records = run.run(Context("", spark, out=io.StringIO()), RunConfig(config=str(file)))
    return Seven(folder / "root", records, str(file))
