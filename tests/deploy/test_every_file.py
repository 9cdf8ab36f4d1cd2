"""Each file of deploy/ is read by a parser of its kind, and named by a test of what it says."""

from __future__ import annotations

import ast
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from deploy_files import DEPLOY, spark_defaults
from packaging.requirements import Requirement
from test_docker import instructions

TESTS = Path(__file__).parents[1]
# read by tests that list a folder or make the name
BY_PATTERN = {
    "aws/trust-ec2.json",  # test_aws.py
    "aws/trust-emr-serverless.json",
    "databricks/resources/pipeline.yml",  # test_databricks.py
    "databricks/resources/pipeline_serverless.yml",
    "docker/models/.gitignore",  # only keeps the folder
}
FILES = sorted(
    str(path.relative_to(DEPLOY))
    for path in DEPLOY.rglob("*")
    if path.is_file() and not {"dist", "__pycache__", ".databricks"} & {*path.parts}
)


def text_of(name: str) -> str:
    return (DEPLOY / name).read_text(encoding="utf-8")


def shell(name: str) -> str:
    assert text_of(name).startswith("#")
    checked = subprocess.run(
        ["bash", "-n", DEPLOY / name], capture_output=True, text=True, check=False
    )
    assert checked.stderr == ""
    return name


def lines(name: str) -> list[str]:
    return [line for line in text_of(name).splitlines() if line and not line.startswith("#")]


PARSERS: dict[str, Callable[[str], Any]] = {
    ".json": lambda name: json.loads(text_of(name)),
    ".yaml": lambda name: list(yaml.safe_load_all(text_of(name))),
    ".yml": lambda name: list(yaml.safe_load_all(text_of(name))),
    ".conf": lambda name: spark_defaults(DEPLOY / name),
    ".py": lambda name: ast.parse(text_of(name)).body,
    ".md": text_of,
    "": shell,
    "Dockerfile": lambda name: instructions(text_of(name)),
    "Dockerfile.dockerignore": lines,
    ".gitignore": lines,
    "constraints.txt": lambda name: [Requirement(line.split(" #")[0]) for line in lines(name)],
    "jars.txt": lambda name: [(address, sum_) for address, sum_, *_ in map(str.split, lines(name))],
}


@pytest.mark.parametrize("name", FILES)
def test_a_parser_reads_it(name: str) -> None:
    path = Path(name)
    parser = PARSERS.get(path.name) or PARSERS[path.suffix]
    assert parser(name)


@pytest.mark.parametrize("name", sorted({*FILES} - BY_PATTERN))
def test_a_test_names_it(name: str) -> None:
    files = (path for path in TESTS.rglob("*.py") if path.name != Path(__file__).name)
    assert any(Path(name).name in path.read_text(encoding="utf-8") for path in files)
