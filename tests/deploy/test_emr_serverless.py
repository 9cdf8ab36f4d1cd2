"""Tests of deploy/emr-serverless: requests checked by AWS's model, settings, the submitted command."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from botocore.validate import ParamValidator
from command_lines import settings_of
from deploy_files import DEPLOY, spark_defaults
from spark_names import unknown_names

from jobs.run import plan
from schemas.settings.run import RunConfig

FOLDER = DEPLOY / "emr-serverless"
# EMR has its own S3 client, committer and Java options
OTHERS = re.compile(r"s3a|committer|commitProtocol|extraJavaOptions")
# https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/jobs-spark.html
EMR_NAMES = {
    "spark.emr-serverless.driver.disk",
    "spark.emr-serverless.executor.disk",
    "spark.emr-serverless.driverEnv.PYSPARK_PYTHON",
    "spark.emr-serverless.driverEnv.PYSPARK_DRIVER_PYTHON",
}


def service_model() -> Any:
    """Return AWS's own description of the service's requests."""
    return botocore.session.get_session().get_service_model("emr-serverless")


@pytest.fixture(scope="module")
def model() -> Any:
    return service_model()


def faults(model: Any, operation: str, request: dict[str, Any]) -> str:
    """Return the faults that AWS's model reports for a request with a client token."""
    shape = model.operation_model(operation).input_shape
    report = ParamValidator().validate({**request, "clientToken": "t"}, shape)
    return str(report.generate_report()) + "".join(mismatches(shape, request))


def mismatches(shape: Any, value: Any) -> Iterator[str]:
    """Yield strings that do not match the model's patterns, which only the service checks."""
    if shape.type_name == "structure":
        for name in value.keys() & shape.members.keys():
            yield from mismatches(shape.members[name], value[name])
    elif shape.type_name == "list":
        for item in value:
            yield from mismatches(shape.member, item)
    elif shape.type_name == "map":
        for item in value.values():
            yield from mismatches(shape.value, item)
    elif shape.type_name == "string":
        pattern = shape.metadata.get("pattern")
        if pattern and not re.fullmatch(pattern, value):
            yield f"\n{shape.name}: {value!r} is not {pattern}"


def content(name: str) -> Any:
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


def options(parameters: str) -> dict[str, str]:
    """Return the settings in `sparkSubmitParameters`."""
    words = shlex.split(parameters)
    assert words[::2] == ["--conf"] * (len(words) // 2)
    return dict(word.split("=", 1) for word in words[1::2])


def test_the_requests_match_awss_model(model: Any) -> None:
    assert faults(model, "CreateApplication", content("application.json")) == ""
    assert faults(model, "StartJobRun", content("job.json")) == ""


def test_a_wrong_request_is_detected(model: Any) -> None:
    application = content("application.json")
    capacity = {**application["maximumCapacity"], "cpus": "1"}
    assert "cpus" in faults(
        model, "CreateApplication", {**application, "maximumCapacity": capacity}
    )
    wrong = {**application, "maximumCapacity": {"cpu": "many", "memory": "8 GB"}}
    assert "'many' is not" in faults(model, "CreateApplication", wrong)
    job = content("job.json")
    del job["jobDriver"]["sparkSubmit"]["entryPoint"]
    assert "entryPoint" in faults(model, "StartJobRun", job)


def test_settings_are_the_clusters_without_those_for_another_s3() -> None:
    (conf,) = content("application.json")["runtimeConfiguration"]
    assert conf["classification"] == "spark-defaults"
    common = {name: value for name, value in spark_defaults().items() if not OTHERS.search(name)}
    own = {name: value for name, value in conf["properties"].items() if name not in common}
    assert {name: conf["properties"].get(name) for name in common} == common
    names = [
        *own,
        *options(content("job.json")["jobDriver"]["sparkSubmit"]["sparkSubmitParameters"]),
    ]
    assert [name for name in unknown_names(names) if name not in EMR_NAMES] == []


def test_all_executors_and_a_driver_fit_the_application() -> None:
    application = content("application.json")
    (conf,) = application["runtimeConfiguration"]
    numbers = {
        name: _number(value) for name, value in conf["properties"].items() if value[0].isdigit()
    }
    executors = numbers["spark.dynamicAllocation.maxExecutors"]
    capacity = {name: _number(value) for name, value in application["maximumCapacity"].items()}
    cores = executors * numbers["spark.executor.cores"] + numbers["spark.driver.cores"]
    assert cores <= capacity["cpu"]
    memory = numbers["spark.executor.memory"] + numbers["spark.executor.memoryOverhead"]
    assert executors * memory + 2 * numbers["spark.driver.memory"] <= capacity["memory"]
    disks = executors * numbers["spark.emr-serverless.executor.disk"]
    assert disks + numbers["spark.emr-serverless.driver.disk"] <= capacity["disk"]
    # every worker has the archive of models of five languages, 40 GB, and its files
    for worker in ("driver", "executor"):
        assert 100 <= numbers[f"spark.emr-serverless.{worker}.disk"] <= 200


def _number(value: str) -> int:
    match = re.match(r"\d+", value)
    assert match
    return int(match[0])


def test_the_run_has_valid_settings() -> None:
    root, steps = plan(RunConfig(config=str(FOLDER / "corpus.yaml")))
    assert root.startswith("s3://")
    (annotate,) = [step for job, step in steps if job == "annotate"]
    settings = options(content("job.json")["jobDriver"]["sparkSubmit"]["sparkSubmitParameters"])
    names = [archive.rpartition("#")[2] for archive in settings["spark.archives"].split(",")]
    assert Path(annotate.models).name in names
    assert settings["spark.executorEnv.PYSPARK_PYTHON"].startswith(f"./{names[0]}/bin/")


def test_the_example_job_is_a_command_of_the_project() -> None:
    words = content("job.json")["jobDriver"]["sparkSubmit"]["entryPointArguments"]
    assert settings_of(words)[0] == "run"


@pytest.mark.parametrize("script", ["pack", "submit"])
def test_scripts_are_bash(script: str) -> None:
    subprocess.run(["bash", "-n", FOLDER / script], check=True)
    assert "set -euo pipefail" in (FOLDER / script).read_text(encoding="utf-8")
