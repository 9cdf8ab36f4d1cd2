"""Tests of jobs/runtime/java.py: runtimes are scripts that answer as `java` does."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from jobs.runtime import java
from schemas.errors import UserError


def runtime(home: Path, version: str) -> Path:
    """Make a home whose `java` says that it is of this version."""
    program = home / "bin" / "java"
    program.parent.mkdir(parents=True)
    settings = f"    java.home = {home}\n    java.specification.version = {version}"
    program.write_text(f"#!/bin/sh\necho '{settings}' >&2\n")
    program.chmod(0o755)
    return home


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    # set first, so that what find_java sets is undone
    monkeypatch.setenv("JAVA_HOME", "")
    monkeypatch.delenv("JAVA_HOME")
    monkeypatch.setenv(java.JAVA, "")
    monkeypatch.setattr("jobs.runtime.java.importlib.util.find_spec", lambda _: None)


def test_java_home_goes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAVA_HOME", str(runtime(tmp_path / "home", "21")))
    monkeypatch.setenv("PATH", str(runtime(tmp_path / "path", "17") / "bin"))
    java.find_java()
    assert os.environ[java.JAVA] == str(tmp_path / "home" / "bin" / "java")


@pytest.mark.parametrize("home_version", ["1.8", "11", "99", "nonsense"])
def test_a_java_home_that_is_no_use_gives_way_to_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, home_version: str
) -> None:
    monkeypatch.setenv("JAVA_HOME", str(runtime(tmp_path / "home", home_version)))
    monkeypatch.setenv("PATH", str(runtime(tmp_path / "path", "17") / "bin"))
    java.find_java()
    assert os.environ[java.JAVA] == str(tmp_path / "path" / "bin" / "java")


def test_no_java_is_a_users_error_that_names_the_mend() -> None:
    with pytest.raises(UserError, match=r"there is none: pip install 'redpajama-spark\[java\]'"):
        java.find_java()


def test_an_old_java_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(runtime(tmp_path, "1.8") / "bin"))
    with pytest.raises(UserError, match=f"{tmp_path}/bin/java is Java 8"):
        java.find_java()


def test_what_was_found_is_found_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that this one starts has its environment."""
    program = runtime(tmp_path / "home", "21") / "bin" / "java"
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PATH", "/bin:/usr/bin")
    for _ in range(2):
        java.find_java()
        assert os.environ["JAVA_HOME"] == str(Path(java.__file__).parent / "java_home")
        assert os.environ[java.JAVA] == str(program)


def test_the_program_passes_on_all_but_the_module_that_it_is_without(tmp_path: Path) -> None:
    program = tmp_path / "java"
    program.write_text("#!/bin/sh\nprintf '<%s>' \"$@\"\n")
    program.chmod(0o755)
    process = subprocess.run(
        [
            Path(java.__file__).parent / "java_home/bin/java",
            *("-Xmx1g", "--add-modules=jdk.incubator.vector", "-Da=b c", "", "Main"),
        ],
        env={java.JAVA: str(program)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert process.stdout == "<-Xmx1g><-Da=b c><><Main>"
