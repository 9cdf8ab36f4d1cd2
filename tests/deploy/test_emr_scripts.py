"""Tests of the scripts of deploy/emr-serverless, with stand-ins for aws, uv and uname."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from command_lines import settings_of
from deploy_files import DEPLOY
from test_emr_serverless import faults, service_model

FOLDER = DEPLOY / "emr-serverless"
ROLE = "arn:aws:iam::111122223333:role/redpajama"


def submit(
    tmp_path: Path, words: list[str], *, known: bool = True, states: str = "STARTED"
) -> subprocess.CompletedProcess[str]:
    """Run `submit` with stand-ins for `aws`, which answers these states in turn, and `sleep`."""
    aws = tmp_path / "aws"
    aws.write_text(
        "#!/bin/bash\n"
        'echo "$*" >> "$RECORD"\n'
        'for word; do [[ $word != file://* ]] || cp "${word#file://}" "$RECORD.$2"; done\n'
        'case "$2" in\n'
        f"    list-applications) echo {'00app' if known else 'None'} ;;\n"
        "    create-application) echo 00new ;;\n"
        f"    get-application) states=({states})\n"
        '        asked=$(grep -c "^emr-serverless get-application" "$RECORD")\n'
        '        echo "${states[asked - 1]:-${states[-1]}}" ;;\n'
        "    start-job-run) echo 00run ;;\n"
        "esac\n",
        encoding="utf-8",
    )
    (tmp_path / "sleep").write_text("#!/bin/bash\n", encoding="utf-8")
    for name in ("aws", "sleep"):
        (tmp_path / name).chmod(0o755)
    return subprocess.run(
        ["bash", FOLDER / "submit", "s3://other/place/", ROLE, *words],
        env={"PATH": f"{tmp_path}:{os.environ['PATH']}", "RECORD": str(tmp_path / "record")},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("states", "calls"),
    [("CREATING CREATING CREATED", 3), ("STOPPING STOPPED", 2), ("STARTED", 1)],
)
def test_submit_waits_until_the_application_takes_runs(
    tmp_path: Path, states: str, calls: int
) -> None:
    process = submit(tmp_path, ["dedup", "--root", "s3://a/b"], known=False, states=states)
    assert process.stdout == "00new 00run\n", process.stderr
    names = [
        line.split()[1]
        for line in (tmp_path / "record").read_text(encoding="utf-8").splitlines()
        if line.startswith("emr-serverless ")
    ]
    assert names[-calls - 1 :] == ["get-application"] * calls + ["start-job-run"]


@pytest.mark.parametrize("states", ["CREATING", "CREATING TERMINATED"])
def test_submit_gives_up_on_an_application_that_never_is_ready(tmp_path: Path, states: str) -> None:
    process = submit(tmp_path, ["dedup", "--root", "s3://a/b"], known=False, states=states)
    assert process.returncode == 1
    assert process.stderr == f"application 00new is {states.split()[-1]} and takes no runs\n"
    assert not (tmp_path / "record.start-job-run").exists()


@pytest.mark.parametrize("known", [True, False], ids=["existing application", "no application"])
def test_submit(tmp_path: Path, known: bool) -> None:
    words = ["dedup", "--root", "s3://other/a corpus", "--kinds", "exact"]
    process = submit(tmp_path, words, known=known)
    record = tmp_path / "record"
    application = "00app" if known else "00new"
    assert process.stdout == f"{application} 00run\n"
    assert Path(f"{record}.create-application").exists() is not known
    job = json.loads(Path(f"{record}.start-job-run").read_text(encoding="utf-8"))
    assert faults(service_model(), "StartJobRun", job) == ""
    assert (job["applicationId"], job["executionRoleArn"]) == (application, ROLE)
    assert "my-bucket" not in json.dumps(job)
    submitted = job["jobDriver"]["sparkSubmit"]
    assert submitted["entryPointArguments"] == words
    assert settings_of(submitted["entryPointArguments"])[0] == "dedup"
    calls = record.read_text(encoding="utf-8").splitlines()
    assert calls[0].split()[-2:] == [f"{FOLDER}/../docker/redpajama.py", "s3://other/place/"]
    assert submitted["entryPoint"] == "s3://other/place/redpajama.py"


def pack(tmp_path: Path, system: str, tag: str) -> subprocess.CompletedProcess[str]:
    """Run `pack` with stand-ins for `uname`, `uv` and the Python that uv installs."""
    python = (
        '#!/bin/bash\nlib=$(dirname "$0")/../lib/python3.11/site-packages/a-1.dist-info\n'
        f'mkdir -p "$lib"\nprintf "Wheel-Version: 1.0\\nTag: {tag}\\n" > "$lib/WHEEL"\n'
    )
    programs = {
        "uname": f'#!/bin/bash\necho "{system}"\n',
        "uv": '#!/bin/bash\necho "$*" > "$RECORD"\n'
        "while [[ $1 != --install-dir ]]; do shift; done\n"
        'mkdir -p "$2/cpython-3.11.9/bin"\n'
        'cp "$(dirname "$0")/python" "$2/cpython-3.11.9/bin/python3.11"\n',
        "python": python,
    }
    for name, content_ in programs.items():
        (tmp_path / name).write_text(content_, encoding="utf-8")
        (tmp_path / name).chmod(0o755)
    return subprocess.run(
        ["bash", FOLDER / "pack"],
        cwd=tmp_path,
        env={"PATH": f"{tmp_path}:{os.environ['PATH']}", "RECORD": str(tmp_path / "record")},
        capture_output=True,
        text=True,
        check=False,
    )


def test_pack_leaves_no_python_on_the_path(tmp_path: Path) -> None:
    process = pack(tmp_path, "Linux x86_64", "cp311-cp311-manylinux_2_28_x86_64")
    assert process.stdout == f"{tmp_path}/environment.tar.gz\n", process.stderr
    assert "--no-bin" in (tmp_path / "record").read_text(encoding="utf-8").split()


@pytest.mark.parametrize("system", ["Darwin arm64", "Linux aarch64", "Darwin x86_64"])
def test_pack_refuses_machines_whose_files_emr_cannot_run(tmp_path: Path, system: str) -> None:
    process = pack(tmp_path, system, "py3-none-any")
    assert process.returncode == 1
    assert f"this is {system}: pack in a container" in process.stderr
    assert not (tmp_path / "environment.tar.gz").exists()


def test_pack_refuses_wheels_for_a_newer_glibc_than_emrs(tmp_path: Path) -> None:
    process = pack(tmp_path, "Linux x86_64", "cp311-cp311-manylinux_2_39_x86_64")
    assert process.returncode == 1
    assert "some wheels need glibc 2.39, EMR has 2.34" in process.stderr
    assert not (tmp_path / "environment.tar.gz").exists()
