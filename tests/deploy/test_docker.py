"""Tests of deploy/docker without a build: rules of Dockerfiles, pinned versions, copied files."""

from __future__ import annotations

import re
import runpy
import subprocess
from pathlib import Path

import pyspark
import pytest
from deploy_files import DEPLOY, PROJECT, requirements, setup_cfg
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version
from spark_names import JARS

DOCKER = DEPLOY / "docker"
PYTHONS = ("3.10", "3.11", "3.12", "3.13")


def instructions(text: str) -> list[tuple[str, str]]:
    """Return the instructions and their words, with continued lines joined and without comments."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n\s*", " ", "\n".join(lines))
    steps = [line.split(maxsplit=1) for line in joined.splitlines() if line.strip()]
    return [(name.upper(), words.strip()) for name, words in steps]


def arguments(text: str) -> dict[str, str]:
    """Return the defaults of the ARGs."""
    defaults = [words for name, words in instructions(text) if name == "ARG" and "=" in words]
    return dict(words.split("=", 1) for words in defaults)


def faults(text: str) -> list[str]:
    """Return the violations of the main rules of Dockerfiles, with hadolint's names."""
    violations = []
    steps = instructions(text)
    shell = [words for name, words in steps if name == "SHELL"]
    stages: set[str] = set()
    for name, words in steps:
        if name == "FROM":
            image, *rest = words.split()
            tagged = re.search(r":(?!latest\b)[^/]+$", image) or image == "scratch"
            if image not in stages and not tagged:
                violations.append(f"DL3006 no tag: {image}")
            if len(rest) == 2:
                stages.add(rest[1])
        if name == "RUN":
            if re.search(r"[^|]\|[^|]", words) and "pipefail" not in "".join(shell):
                violations.append("DL4006 a pipe without pipefail")
            if "apt-get install" in words:
                if "--no-install-recommends" not in words or " -y" not in words:
                    violations.append("DL3015 apt-get install")
                if "rm -rf /var/lib/apt/lists/*" not in words:
                    violations.append("DL3009 apt's lists remain")
            if "pip install" in words and "--no-cache-dir" not in words:
                violations.append("DL3042 pip's cache remains")
            if re.search(r"\b(sudo|apt) ", words):
                violations.append("DL3004 or DL3027")
        if name == "WORKDIR" and not words.startswith("/"):
            violations.append(f"DL3000 not absolute: {words}")
        if name in ("CMD", "ENTRYPOINT", "SHELL") and not words.startswith("["):
            violations.append(f"DL3025 not JSON: {name}")
        if name == "ADD":
            violations.append("DL3020 ADD")
        if name in ("ENV", "ARG") and re.search(r"(?i)password|secret|token|access_key", words):
            violations.append(f"a secret: {words}")
    users = [words for name, words in steps if name == "USER"]
    if not users or users[-1] in ("root", "0"):
        violations.append("DL3002 ends as root")
    return violations


TEXT = (DOCKER / "Dockerfile").read_text(encoding="utf-8")


def test_the_rules_are_kept() -> None:
    assert faults(TEXT) == []


@pytest.mark.parametrize(
    ("right", "wrong", "rule"),
    [
        ("-scala2.13-java21-python3-ubuntu AS base", " AS base\nFROM spark:latest", "DL3006"),
        ('"-euo", "pipefail", "-c"', '"-c"', "DL4006"),
        ("--no-install-recommends", "", "DL3015"),
        ("&& rm -rf /var/lib/apt/lists/*", "", "DL3009"),
        ("pip install --no-cache-dir", "pip install", "DL3042"),
        ("WORKDIR /jars", "WORKDIR jars", "DL3000"),
        ('CMD ["redpajama", "--help"]', "CMD redpajama --help", "DL3025"),
        ("USER 185", "USER root", "DL3002"),
    ],
)
def test_a_broken_rule_is_detected(right: str, wrong: str, rule: str) -> None:
    assert right in TEXT
    assert any(fault.startswith(rule) for fault in faults(TEXT.replace(right, wrong)))


def test_copied_files_exist_and_are_not_ignored() -> None:
    ignore = (DOCKER / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    kept = [line[1:] for line in ignore if line.startswith("!")]
    assert "*" in ignore
    copies = [words.split() for name, words in instructions(TEXT) if name == "COPY"]
    sources = [source for words in copies if "--from" not in words[0] for source in words[:-1]]
    assert len(sources) > 8
    for source in sources:
        assert (PROJECT / source).exists(), source
        assert any(source == path or source.startswith(f"{path}/") for path in kept), source


def test_spark_and_its_jars_go_together() -> None:
    defaults = arguments(TEXT)
    spark = Requirement(next(line for line in requirements() if line.startswith("pyspark")))
    assert defaults["SPARK_VERSION"] in spark.specifier
    jars = (DOCKER / "jars.txt").read_text(encoding="utf-8")
    assert f"/spark-hadoop-cloud_2.13/{defaults['SPARK_VERSION']}/" in jars
    assert f"/hadoop-aws/{defaults['HADOOP_VERSION']}/" in jars
    if Version(pyspark.__version__) >= Version(defaults["SPARK_VERSION"]):
        # the newer Spark of the tests has the same Hadoop
        assert (JARS / f"hadoop-client-api-{defaults['HADOOP_VERSION']}.jar").exists()


def test_every_jar_has_a_checksum_and_a_matching_path() -> None:
    lines = (DOCKER / "jars.txt").read_text(encoding="utf-8").splitlines()
    for line in (line for line in lines if not line.startswith("#")):
        match = re.fullmatch(
            r"([0-9a-f]{40}|published) [\w./-]+/([\w.-]+)/([\w.]+)/(\S+)\.jar", line
        )
        assert match, line
        assert match[4] == f"{match[2]}-{match[3]}"


def test_a_jar_with_a_wrong_checksum_fails_the_build(tmp_path: Path) -> None:
    # a wget that writes four bytes for any URL
    (tmp_path / "wget").write_text('#!/bin/bash\nprintf text > "$3"\n', encoding="utf-8")
    (tmp_path / "wget").chmod(0o755)
    right = "372ea08cab33e71c02c651dbc83a474d32c676ea"
    codes = []
    for sum_ in (right, right.replace("3", "4")):
        (tmp_path / "jars.txt").write_text(f"# why\n{sum_} org/it-1.jar\n", encoding="utf-8")
        process = subprocess.run(
            ["bash", DOCKER / "fetch-jars", "jars.txt"],
            cwd=tmp_path,
            env={"PATH": f"{tmp_path}:/usr/bin:/bin"},
            capture_output=True,
            check=False,
        )
        codes.append(process.returncode)
    assert (tmp_path / "it-1.jar").read_bytes() == b"text"
    assert codes[0] == 0
    assert codes[1] != 0


def constraints() -> list[Requirement]:
    lines = (DOCKER / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return [Requirement(line) for line in lines if line and not line.startswith("#")]


@pytest.mark.parametrize("python", PYTHONS)
def test_constraints_pin_every_dependency_within_its_range(python: str) -> None:
    environment = {"python_version": python, "python_full_version": f"{python}.0", "extra": ""}
    pinned: dict[str, str] = {}
    for pin in constraints():
        if pin.marker is None or pin.marker.evaluate(environment):
            name = canonicalize_name(pin.name)
            assert name not in pinned, f"{name} twice for Python {python}"
            (exact,) = pin.specifier
            assert exact.operator == "=="
            pinned[name] = exact.version
    for wanted in map(Requirement, requirements()):
        if wanted.marker is None or wanted.marker.evaluate(environment):
            assert pinned[canonicalize_name(wanted.name)] in wanted.specifier, wanted
    assert pinned["setuptools"]  # builds the project, without isolation


def test_pins_of_several_pythons_are_joined() -> None:
    lines = runpy.run_path(str(DOCKER / "pin.py"))["lines"]
    versions = {
        "3.10": {"numpy": "2.2.6", "six": "1.17", "tomli": "2"},
        "3.11": {"numpy": "2.3.5", "six": "1.17"},
        "3.12": {"numpy": "2.3.5", "six": "1.17"},
    }
    assert lines(versions) == [
        'numpy==2.2.6; python_version == "3.10"',
        'numpy==2.3.5; python_version == "3.11" or python_version == "3.12"',
        "six==1.17",
        'tomli==2; python_version == "3.10"',
    ]


def test_the_image_has_the_projects_version() -> None:
    version = setup_cfg()["metadata"]["version"]
    assert f"-t redpajama-spark:{version} ." in TEXT
