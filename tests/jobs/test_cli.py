"""The command line: its help, and one line for each error."""

from __future__ import annotations

import importlib
import inspect
import json
import os
import re
import subprocess
import sys
import typing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from jobs import cli
from jobs.runtime import json_log
from jobs.runtime.context import Context
from schemas.settings.commands import JOBS
from schemas.tables import TABLES

PROJECT = Path(__file__).parents[2]


@pytest.mark.parametrize("job", JOBS)
def test_help_explains_each_option(job: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as raised:
        cli.main([*job.split(), "--help"])
    assert raised.value.code == 0
    text = capsys.readouterr().out
    assert text.count("--") >= 3
    for option in re.findall(r"^  (--[a-z-]+)[^\n]*$", text, flags=re.MULTILINE):
        assert re.search(rf"{option}[^\n]*(\s{{2,}}|\n\s+)\w", text), option


def test_each_job_is_a_file_that_spark_submit_can_run() -> None:
    for job in {name.split()[0] for name in JOBS}:
        content = (PROJECT / "jobs" / f"{job.replace('-', '_')}.py").read_text(encoding="utf-8")
        assert f'main(["{job}", *sys.argv[1:]])' in content


@pytest.mark.parametrize(("job", "settings"), JOBS.items())
def test_each_job_s_module_takes_the_settings_that_are_listed(
    job: str, settings: type[Any]
) -> None:
    name, _, kind = job.replace("-", "_").partition(" ")
    module = f"jobs.steps.train.{kind}" if name == "train" else f"jobs.{name}"
    function = importlib.import_module(module).run
    hints = typing.get_type_hints(function)
    first, second = list(inspect.signature(function).parameters)
    assert hints[first] is Context
    assert issubclass(settings, hints[second])


def test_help_does_not_import_spark() -> None:
    code = "import sys, jobs.cli; jobs.cli._parser(); print('pyspark' in sys.modules)"
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=PROJECT, check=True
    )
    assert ran.stdout == "False\n"


def test_a_job_s_file_runs_without_the_command(tmp_path: Path) -> None:
    script = [sys.executable, str(PROJECT / "jobs" / "path.py"), "corpus", "--root", str(tmp_path)]
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    ran = subprocess.run(script, capture_output=True, text=True, env=environment, check=False)
    assert ran.returncode == 2
    assert ran.stderr == (
        f"redpajama path: {tmp_path} has no table corpus yet: run `redpajama curate` first\n"
    )


@pytest.mark.parametrize("name", ["schemas", "udfs"])
def test_a_package_that_hides_one_of_the_project_is_named(name: str, tmp_path: Path) -> None:
    (tmp_path / name).mkdir()
    (tmp_path / name / "__init__.py").touch()
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(PROJECT)])}
    command = [sys.executable, "-c", "import jobs"]
    ran = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=tmp_path)
    assert ran.returncode == 1
    assert f"ImportError: the package {name!r} in {tmp_path / name} hides that of" in ran.stderr


YAML_ERRORS = {
    "mix: {tokens: 5}": "no section `ingest:`",
    "ingest: {slice: common_crawl}\nmix: {token: 5}": "mix: no key 'token' (did you mean 'tokens'?)",
    "ingest: {slice: common_craw}\nmix: {tokens: 5}": "(did you mean 'common_crawl'?)",
    "ingst: {}": "no section 'ingst' (did you mean 'ingest'?)",
    "ingest: {slice: common_crawl}\nmix: 5": "mix: expected keys and values, found 5",
    "ingest: [": "is not YAML",
    "just words": "expected sections",
}


@pytest.mark.parametrize("content", YAML_ERRORS)
def test_an_error_in_the_file_is_reported_before_anything_starts(
    content: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "run.yaml"
    file.write_text(content)
    assert cli.main(["run", "--config", str(file), "--root", str(tmp_path / "root")]) == 2
    error = capsys.readouterr().err
    assert YAML_ERRORS[content] in error
    assert error.count("\n") == 1
    assert not (tmp_path / "root").exists()


def test_errors_of_users_end_with_one_line_and_exit_code_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("in the way")
    (tmp_path / "a.warc.gz").write_bytes(b"")
    root = ["--root", str(tmp_path / "root")]
    errors = {
        ("ingest", "common_crawl", "--input", "/no/such/*.warc.gz", *root): "/no/such/*.warc.gz",
        ("ingest", "common_crawl", *root): "--input",
        ("ingest", "common_crawl", "--input", "ftp://host/x", *root): "ftp:// is not supported",
        ("annotate", "--models", "/no/models", *root): "documents",
        ("run", "--config", "/no/such.yaml", *root): "/no/such.yaml",
        (
            "ingest",
            "common_crawl",
            "--input",
            str(tmp_path / "a.warc.gz"),
            "--root",
            str(tmp_path / "file" / "root"),
        ): "file",
        ("path", "korpus", *root): f"the tables are {', '.join(TABLES)}",
    }
    for arguments, part in errors.items():
        assert cli.main(arguments) == 2
        error = capsys.readouterr().err
        assert part in error
        assert error.count("\n") == 1
        assert error.startswith(f"redpajama {arguments[0]}")


def test_progress_in_json_is_an_object_a_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        json_log, "to_stderr", lambda fields: None
    )  # it is for a process of its own
    missing = str(tmp_path / "missing.json")
    line = ["ingest", "c4", "--input", missing, "--root", str(tmp_path), "--json-progress"]
    assert cli.main(line) == 2
    captured = capsys.readouterr()
    [event] = map(json.loads, captured.out.splitlines())
    assert (event["event"], event["job"]) == ("error", "ingest c4")
    assert captured.err == f"redpajama ingest c4: {event['message']}\n"
    assert datetime.fromisoformat(event["time"].replace("Z", "+00:00")).tzinfo is not None
