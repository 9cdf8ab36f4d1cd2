"""Tests of the script that creates Databricks' volumes, with a stand-in for its command line."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from deploy_files import load_yaml
from test_databricks import COMPUTE, FOLDER, job

VOLUME_CALLS = [
    "schemas create redpajama main",
    *(f"volumes create main redpajama {name} MANAGED" for name in ("corpus", "models", "dumps")),
    "volumes create main redpajama crawl MANAGED",
]


@pytest.mark.parametrize("models", [None, "/data/models"])
def test_volumes_are_those_of_the_jobs(tmp_path: Path, models: str | None) -> None:
    program = tmp_path / "databricks"
    answer = 'echo "$*" >> "$RECORD"; [[ $1 != volumes ]] || { echo "already exists" >&2; exit 1; }'
    program.write_text(f"#!/bin/bash\n{answer}\n", encoding="utf-8")
    program.chmod(0o755)
    record = tmp_path / "record"
    process = subprocess.run(
        ["bash", FOLDER / "volumes", "main.redpajama", *([models] if models else [])],
        env={"PATH": f"{tmp_path}:/usr/bin:/bin", "RECORD": str(record)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert process.returncode == 0, process.stderr
    calls = record.read_text(encoding="utf-8").splitlines()
    (bundle,) = load_yaml("databricks", "databricks.yml")
    folder = "dbfs:" + bundle["variables"]["volumes"]["default"]
    copy_ = [f"fs cp --recursive --overwrite {models} {folder}/models/all"] if models else []
    assert calls == VOLUME_CALLS + copy_
    used = {
        parameter["default"].split("/")[1]
        for name in COMPUTE
        for parameter in job(name)["parameters"]
        if parameter["default"].startswith("${var.volumes}/")
    }
    assert used == {call.split()[4] for call in calls if call.startswith("volumes")}


def test_another_failure_to_create_a_volume_ends_the_script(tmp_path: Path) -> None:
    program = tmp_path / "databricks"
    program.write_text("#!/bin/bash\necho no permission >&2\nexit 1\n", encoding="utf-8")
    program.chmod(0o755)
    process = subprocess.run(
        ["bash", FOLDER / "volumes", "main.redpajama"],
        env={"PATH": f"{tmp_path}:/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert process.returncode == 1
    assert process.stderr == "schemas create redpajama main: no permission\n"
