"""Tests of deploy/local: what the scripts call, with a Python on PATH that only keeps a record."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

PROJECT = Path(__file__).parent.parent

# Answers as `python3` does to all that the scripts ask; `-m venv` makes an environment of copies.
PYTHON = """\
#!/bin/bash
echo "$(basename "$0") $*" >> "$RECORD"
case "$*" in
    *"import ensurepip"*) exit "${NO_ENSUREPIP:-0}" ;;
    *"import find_java"*) [[ -e $JAVA ]] ;;
    *version_info\\[*) echo 3.11 ;;
    *"[java]"*) : > "$JAVA" ;;
    *"-m venv"*)
        venv=${!#}
        mkdir -p "$venv/bin"
        cp "$0" "$venv/bin/python"
        cp "$0" "$venv/bin/redpajama"
        echo "VIRTUAL_ENV=$venv" > "$venv/bin/activate"
        ;;
esac
"""

TOOLS = ("bash", "basename", "cat", "cp", "cut", "dirname", "grep", "mkdir", "sha256sum")


class Checkout:
    """A copy of the scripts, in a folder with a space in its name."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "a checkout"
        self.record = folder / "record"
        self.java = folder / "java"
        self.java.touch()
        self.programs = folder / "bin"
        self.programs.mkdir()
        shutil.copytree(PROJECT / "deploy/local", self.root / "deploy/local")
        for name in ("setup.cfg", "pyproject.toml"):
            shutil.copy(PROJECT / name, self.root)
        for name in TOOLS:
            (self.programs / name).symlink_to(shutil.which(name) or name)

    def program(self, name: str, text: str) -> None:
        (self.programs / name).write_text(text)
        (self.programs / name).chmod(0o755)

    def call(self, script: str, *arguments: str, **variables: str) -> tuple[int, str, list[str]]:
        """Run a script; return its exit code, what it said and what it called."""
        self.record.write_text("")
        environment = {"PATH": str(self.programs), "RECORD": str(self.record)}
        done = subprocess.run(
            [self.programs / "bash", self.root / "deploy/local" / script, *arguments],
            env=environment | {"JAVA": str(self.java)} | variables,
            cwd=self.programs,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stderr, self.record.read_text().splitlines()


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    made = Checkout(tmp_path)
    made.program("python3", PYTHON)
    return made


def installs(calls: list[str]) -> list[str]:
    return [call for call in calls if "pip install --no-compile --editable" in call]


def test_run_installs_once_and_passes_its_arguments_on(checkout: Checkout) -> None:
    code, said, calls = checkout.call("run", "--root", "a b")
    assert code == 0
    assert installs(calls) == [f"python -m pip install --no-compile --editable {checkout.root}"]
    assert calls[-1] == "redpajama run --root a b"
    assert "Installing into .venv" in said

    code, said, calls = checkout.call("run")
    assert (code, said, installs(calls)) == (0, "", [])
    assert calls[-1] == "redpajama run"


def test_test_adds_its_extra_to_what_run_installed(checkout: Checkout) -> None:
    checkout.call("run")
    code, _, calls = checkout.call("test", "-k", "warc")
    assert code == 0
    assert installs(calls) == [
        f"python -m pip install --no-compile --editable {checkout.root}[test]"
    ]
    assert calls[-1].startswith("python -m pytest --numprocesses auto ")
    assert calls[-1].endswith(" -k warc")


def test_other_dependencies_are_installed_anew(checkout: Checkout) -> None:
    checkout.call("run")
    with (checkout.root / "setup.cfg").open("a") as file:
        file.write("# changed\n")
    assert len(installs(checkout.call("run")[2])) == 1


def test_a_checkout_that_moved_gets_a_new_environment(checkout: Checkout) -> None:
    checkout.call("run")
    checkout.root = checkout.root.rename(checkout.root.with_name("elsewhere"))
    calls = checkout.call("run")[2]
    assert f"python3 -m venv --clear {checkout.root}/.venv" in calls


def test_java_comes_with_the_extra_where_there_is_none(checkout: Checkout) -> None:
    checkout.java.unlink()
    code, _, calls = checkout.call("run")
    assert code == 0
    assert (
        installs(calls)[-1]
        == f"python -m pip install --no-compile --editable {checkout.root}[java]"
    )
    assert calls[-1] == "redpajama run"


def test_no_fit_python_is_said(checkout: Checkout) -> None:
    checkout.program("python3", "#!/bin/bash\nexit 1\n")
    code, said, _ = checkout.call("run")
    assert code == 1
    assert said.startswith("No Python from 3.10 to 3.13 here")


def test_missing_ensurepip_is_installed_by_root_and_named_to_others(checkout: Checkout) -> None:
    checkout.program("apt-get", '#!/bin/bash\necho "apt-get $*" >> "$RECORD"\n')
    code, said, calls = checkout.call("run", NO_ENSUREPIP="1")
    if os.geteuid() == 0:
        assert "apt-get install -y --no-install-recommends python3.11-venv" in calls
        assert calls[-1] == "redpajama run"
    else:
        assert code == 1
        assert "sudo apt-get install -y python3.11-venv" in said


def test_a_failed_step_shows_its_output_and_is_tried_again(checkout: Checkout) -> None:
    first, rest = PYTHON.split('case "$*" in\n')
    fails = "    *--editable*) echo no disk; exit 1 ;;\n"
    checkout.program("python3", f'{first}case "$*" in\n{fails}{rest}')
    code, said, calls = checkout.call("test")
    assert code == 1
    assert "no disk\nThis failed: " in said
    assert "python -m pytest" not in calls
    assert len(installs(checkout.call("test")[2])) == 1
