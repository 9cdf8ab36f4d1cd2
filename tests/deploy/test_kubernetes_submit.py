"""Tests of deploy/kubernetes/submit with a stand-in for spark-submit."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from command_lines import settings_of
from deploy_files import spark_defaults
from spark_names import unknown_names
from test_kubernetes import APPLICATION_FILE, FOLDER


@pytest.mark.parametrize(
    ("arguments_", "job"),
    [([], "run"), (["dedup", "--root", "s3a://b/with a blank"], "dedup")],
    ids=["the run", "a job"],
)
def test_submit_passes_all_settings_and_the_command(
    arguments_: list[str], job: str, tmp_path: Path
) -> None:
    program = tmp_path / "spark-submit"
    program.write_text('#!/bin/bash\nprintf "%s\\0" "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    process = subprocess.run(
        ["bash", FOLDER / "submit", "k8s://https://example.org:6443", *arguments_],
        env={"PATH": os.environ["PATH"], "SPARK_SUBMIT": str(program)},
        capture_output=True,
        text=True,
        check=True,
    )
    words = process.stdout.split("\0")[:-1]
    position = words.index(APPLICATION_FILE)
    command = words[position + 1 :]
    name, _ = settings_of(command)
    assert name == job
    assert command[-len(arguments_) :] == arguments_ or not arguments_
    pairs = list(zip(words[:position:2], words[1:position:2], strict=True))
    options = dict(pairs)
    assert options["--master"] == "k8s://https://example.org:6443"
    assert spark_defaults(Path(options["--properties-file"])) == spark_defaults()
    conf = dict(value.split("=", 1) for option, value in pairs if option == "--conf")
    assert unknown_names(list(conf)) == []
    templates = [Path(value) for name, value in conf.items() if name.endswith("podTemplateFile")]
    assert sorted(path.name for path in templates) == ["driver.yaml", "executor.yaml"]
    assert all(path.samefile(FOLDER / path.name) for path in templates)
    assert conf.items() >= spark_defaults(FOLDER / "kubernetes.conf").items()
