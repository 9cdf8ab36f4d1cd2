"""Tests of deploy/databricks: tasks and their commands, parameters, settings and the wheel."""

from __future__ import annotations

import copy
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from command_lines import settings_of
from deploy_files import DEPLOY, load_yaml, spark_defaults
from packaging.specifiers import SpecifierSet

FOLDER = DEPLOY / "databricks"
STAGES = ["paragraphs", "annotate", "dedup", "curate", "mix", "report"]
COMPUTE = {"pipeline": "cluster", "pipeline_serverless": "default"}
WORD = {"type": "string", "minLength": 1}
# fields of a task that are used here, from https://docs.databricks.com/api/workspace/jobs/create
TASK = {
    "type": "object",
    "required": ["task_key", "spark_python_task"],
    "additionalProperties": False,
    "properties": {
        "task_key": {"type": "string", "pattern": r"^[\w-]{1,100}$"},
        "depends_on": {
            "type": "array",
            "items": {
                "required": ["task_key"],
                "additionalProperties": False,
                "properties": {"task_key": WORD},
            },
        },
        "job_cluster_key": WORD,
        "environment_key": WORD,
        "libraries": {"type": "array", "items": {"required": ["whl"]}},
        "max_retries": {"type": "integer"},
        "spark_python_task": {
            "required": ["python_file", "parameters"],
            "additionalProperties": False,
            "properties": {"python_file": WORD, "parameters": {"type": "array", "items": WORD}},
        },
    },
}


@pytest.fixture(scope="module")
def bundle() -> Any:
    (content,) = load_yaml("databricks", "databricks.yml")
    return content


def job(name: str) -> Any:
    """Return a job that is in all targets, or in those with clusters."""
    (content,) = load_yaml("databricks", "resources", f"{name}.yml")
    if "targets" in content:
        assert list(content["targets"]) == ["dev", "prod"]
        assert content["targets"]["dev"] == content["targets"]["prod"]
        content = content["targets"]["dev"]
    assert list(content["resources"]["jobs"]) == [name]
    return copy.deepcopy(content["resources"]["jobs"][name])


def filled(text: str, bundle: Any, parameters: dict[str, str]) -> str:
    """Return a value with its variables and job parameters replaced, as Databricks does."""
    text = re.sub(r"\{\{job\.parameters\.(\w+)\}\}", lambda match: parameters[match[1]], text)
    variables = bundle["variables"]
    return re.sub(r"\$\{var\.(\w+)\}", lambda match: str(variables[match[1]]["default"]), text)


@pytest.mark.parametrize("name", COMPUTE)
def test_each_task_is_a_command_of_the_project_in_its_order(name: str, bundle: Any) -> None:
    pipeline = job(name)
    parameters = {parameter["name"]: parameter["default"] for parameter in pipeline["parameters"]}
    roots, order, used = set(), [], set()
    previous = None
    for task in pipeline["tasks"]:
        jsonschema.Draft202012Validator(TASK).validate(task)
        words = task["spark_python_task"]["parameters"]
        used.update(re.findall(r"job\.parameters\.(\w+)", " ".join(words)))
        command, settings = settings_of([filled(word, bundle, parameters) for word in words])
        assert task["task_key"] == command.replace(" ", "_")
        dependencies = [dependency["task_key"] for dependency in task.get("depends_on", [])]
        assert dependencies == [previous] * bool(previous)
        order.append(command)
        roots.add(settings.root)
        previous = task["task_key"]
    assert [command for command in order if not command.startswith("ingest ")] == STAGES
    assert roots == {"/Volumes/main/redpajama/corpus/root"}
    assert used == set(parameters)


@pytest.mark.parametrize("name", COMPUTE)
def test_tasks_run_where_the_wheel_is_installed(name: str, bundle: Any) -> None:
    pipeline = job(name)
    clusters = {cluster["job_cluster_key"] for cluster in pipeline.get("job_clusters", [])}
    environments = {
        environment["environment_key"]: environment["spec"]
        for environment in pipeline.get("environments", [])
    }
    wheel = "../" + bundle["artifacts"]["redpajama"]["files"][0]["source"]
    for task in pipeline["tasks"]:
        assert (FOLDER / "resources" / task["spark_python_task"]["python_file"]).exists()
        if "environment_key" in task:
            assert environments[task["environment_key"]]["dependencies"] == [wheel]
        else:
            assert task["job_cluster_key"] in clusters
            assert task["libraries"] == [{"whl": wheel}]
    keys = {task.get("environment_key") or task["job_cluster_key"] for task in pipeline["tasks"]}
    assert keys == {COMPUTE[name]}


def test_the_clusters_settings_are_those_of_other_clusters() -> None:
    (cluster,) = job("pipeline")["job_clusters"]
    common = spark_defaults()
    conf = cluster["new_cluster"]["spark_conf"]
    assert {name: common[name] for name in conf} == conf
    threads = cluster["new_cluster"]["spark_env_vars"]["OMP_NUM_THREADS"]
    assert threads == common["spark.executorEnv.OMP_NUM_THREADS"]


def test_the_names_in_the_bundle_exist(bundle: Any) -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in FOLDER.rglob("*.yml"))
    assert set(re.findall(r"\$\{var\.(\w+)\}", text)) == set(bundle["variables"])
    for target in bundle["targets"].values():
        assert target.get("variables", {}).keys() <= bundle["variables"].keys()
    modes = {name: target["mode"] for name, target in bundle["targets"].items()}
    assert modes == {"dev": "development", "prod": "production", "serverless": "development"}
    assert all((FOLDER / path).exists() for path in bundle["sync"]["paths"])
    assert [list(FOLDER.glob(pattern)) != [] for pattern in bundle["include"]] == [True]
    command = bundle["artifacts"]["redpajama"]["build"].split()
    assert (FOLDER / command[1]).exists()
    assert bundle["artifacts"]["redpajama"]["files"][0]["source"].startswith(command[2] + "/")


@pytest.mark.parametrize("name", COMPUTE)
def test_databricks_own_model_accepts_the_job(name: str) -> None:
    jobs = pytest.importorskip("databricks.bundles.jobs", reason="databricks-bundles is missing")
    pipeline = job(name)
    assert jobs.Job.from_dict(pipeline).as_dict() == pipeline
    with pytest.raises(ValueError, match="parametrs"):
        jobs.Job.from_dict({**pipeline, "parametrs": []})


@pytest.mark.parametrize(("code", "message"), [(0, ""), (2, "RuntimeError: redpajama has stopped")])
def test_a_users_error_fails_the_task(tmp_path: Path, code: int, message: str) -> None:
    # stand-ins for the two modules that the file imports
    (tmp_path / "pyspark").mkdir()
    session = "import types\nprint('session')\nclass SparkSession:\n    class builder:\n"
    session += "        getOrCreate = staticmethod(lambda: None)\n"
    (tmp_path / "pyspark" / "sql.py").write_text(session, encoding="utf-8")
    (tmp_path / "jobs").mkdir()
    cli = f"def main(words):\n    print(words)\n    return {code}\n"
    (tmp_path / "jobs" / "cli.py").write_text(cli, encoding="utf-8")
    process = subprocess.run(
        [sys.executable, "-S", FOLDER / "redpajama.py", "dedup", "--root", "/Volumes/a"],
        env={"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert process.stdout.splitlines() == ["session", "['dedup', '--root', '/Volumes/a']"]
    assert process.stderr.strip().splitlines()[-1:] == (
        [f"{message}: the previous line names the cause"] if code else []
    )
    assert bool(process.returncode) is bool(code)


def unsigned_reads(pipeline: Any) -> list[str]:
    """Return the words `s3://...` of tasks on clusters that have no credentials for S3."""
    profiles = {
        cluster["job_cluster_key"]: "instance_profile_arn"
        in cluster["new_cluster"].get("aws_attributes", {})
        for cluster in pipeline.get("job_clusters", [])
    }
    return [
        word
        for task in pipeline["tasks"]
        if not profiles.get(task.get("job_cluster_key"))
        for word in task["spark_python_task"]["parameters"]
        if word.startswith(("s3://", "s3a://"))
    ]


@pytest.mark.parametrize("name", COMPUTE)
def test_buckets_are_read_only_with_credentials(name: str) -> None:
    # Common Crawl's bucket refuses unsigned requests: commoncrawl/cc-pyspark, README
    pipeline = job(name)
    assert unsigned_reads(pipeline) == []
    pipeline["tasks"][0]["spark_python_task"]["parameters"] += ["--base", "s3://commoncrawl"]
    assert unsigned_reads(pipeline) == ["s3://commoncrawl"]
    for cluster in pipeline.get("job_clusters", []):
        cluster["new_cluster"]["aws_attributes"]["instance_profile_arn"] = "arn:aws:iam::1:i/x"
    assert unsigned_reads(pipeline) == (["s3://commoncrawl"] if "serverless" in name else [])


def test_the_serverless_target_has_no_cluster() -> None:
    for path in (FOLDER / "resources").glob("*.yml"):
        (content,) = load_yaml("databricks", "resources", path.name)
        assert "new_cluster" not in json.dumps(content.get("resources", {})), path
        assert "serverless" not in content.get("targets", {})


def test_the_cli_that_installs_one_wheel_is_required(bundle: Any) -> None:
    required = SpecifierSet(bundle["bundle"]["databricks_cli_version"])
    assert "0.256.0" in required
    assert "0.255.0" not in required
