"""The project as a wheel that is not unpacked: what `spark-submit --py-files` gives driver and workers."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from cluster import bare_python, build_wheel

from jobs.sample.build import version


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return bare_python(tmp_path_factory.mktemp("python") / "bare")


def call(python: Path, wheel: Path, code: str) -> str:
    """Run code as a Python worker does, in which the wheel is `./NAME`."""
    code = f"import sys; sys.path.insert(0, './{wheel.name}'); {code}"
    done = subprocess.run(
        [python, "-I", "-c", code], cwd=wheel.parent, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_every_job_is_imported_from_it(python: Path, tmp_path: Path) -> None:
    wheel = build_wheel(tmp_path)
    code = (
        "import importlib, jobs.cli; "
        "names = {name.split()[0].replace('-', '_') for name in jobs.cli.JOBS}; "
        "found = [importlib.import_module(f'jobs.{name}') for name in names]; "
        "print(*{module.__file__.split('/jobs/')[0] for module in found})"
    )
    assert call(python, wheel, code).endswith(wheel.name)


def test_the_sample_in_it_is_the_one_of_the_checkout(python: Path, tmp_path: Path) -> None:
    code = "from jobs.sample.build import version; print(version(1))"
    assert call(python, build_wheel(tmp_path), code) == version(1)
