"""Start a Spark standalone cluster with `deploy/local/cluster`.

Driver and workers run in a Python that has the dependencies but not the project, so that the project
reaches them only in the wheel that is submitted with a job.
"""

from __future__ import annotations

import configparser
import contextlib
import os
import re
import shlex
import site
import subprocess
import time
import venv
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from s3_server import die_with_parent

from jobs.runtime import session

PROJECT = Path(__file__).parents[1]
SCRIPT = PROJECT / "deploy/local/cluster"
SECONDS = 600
"""Timeout of a step on a busy machine."""


# for small data, compiling plans, and JVM code twice, takes longer than the work
QUICK = {
    "spark.driver.extraJavaOptions": session.QUICK,
    "spark.executor.extraJavaOptions": session.QUICK,
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
}


@dataclass(frozen=True)
class Cluster:
    """A running cluster: its folder, and the command line for submitting a job."""

    folder: Path
    line: str

    @contextlib.contextmanager
    def submitted(
        self,
        job: str,
        *arguments: str,
        options: Mapping[str, str] | None = None,
        variables: Mapping[str, str] | None = None,
    ) -> Iterator[subprocess.Popen[str]]:
        """Run a job with Spark options and variables of the driver; kill it if the context ends first."""
        words = shlex.split(self.line.replace("jobs/dedup.py --root ROOT", f"jobs/{job}.py"))
        position = words.index("--py-files")
        settings = [
            f"--conf={name}={value}" for name, value in {**QUICK, **(options or {})}.items()
        ]
        # the line begins with environment variables
        process = subprocess.Popen(
            ["env", *words[:position], *settings, *words[position:], *arguments],
            cwd=self.folder,
            env={**environment(), **(variables or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            preexec_fn=die_with_parent,
        )
        try:
            yield process
        finally:
            process.kill()
            process.communicate()

    def run(self, job: str, *arguments: str) -> str:
        """Run a job to its end; return its output."""
        with self.submitted(job, *arguments) as process:
            output, _ = process.communicate(timeout=SECONDS)
        assert process.returncode == 0, output
        return output

    def log(self) -> str:
        """Return the master's log."""
        return (self.folder / "master.log").read_text(encoding="utf-8")

    def executors(self) -> dict[str, int]:
        """Return the process id of each executor of the last application by executor id."""
        application = re.findall(r"Registered app .* with ID (app-\S+)", self.log())[-1]
        executors = {}
        for process in self.processes():
            with contextlib.suppress(OSError):
                words = Path(f"/proc/{process}/cmdline").read_text(encoding="utf-8").split("\0")
                if application in words and any(
                    word.endswith("CoarseGrainedExecutorBackend") for word in words
                ):
                    executors[words[words.index("--executor-id") + 1]] = process
        return executors

    def processes(self) -> list[int]:
        """Return the ids of all processes of the cluster, by the variable that they inherit."""
        mark = f"REDPAJAMA_CLUSTER={self.folder}".encode()
        processes = []
        for path in Path("/proc").glob("[0-9]*/environ"):
            with contextlib.suppress(OSError):
                if mark in path.read_bytes().split(b"\0"):
                    processes.append(int(path.parent.name))
        return processes


@contextlib.contextmanager
def started(folder: Path, *options: str, watch: bool = True) -> Iterator[Cluster]:
    """Run a cluster in a new folder; it stops with the tests, even if they are killed.

    With `watch`, assert that no daemon has ended.
    """
    command("start", "--folder", str(folder), *options)
    # reads until this process closes its end of the pipe or ends
    guard = subprocess.Popen(
        ["bash", "-c", 'cat; exec bash "$@"', "", str(SCRIPT), "stop", "--folder", str(folder)],
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
    )
    try:
        status = command("status", "--folder", str(folder))
        yield Cluster(folder, (folder / "submit").read_text(encoding="utf-8").strip())
        if watch:
            assert command("status", "--folder", str(folder)) == status, "a daemon has ended"
    finally:
        assert guard.stdin is not None
        guard.stdin.close()
        guard.wait(timeout=SECONDS)


def command(*arguments: str) -> str:
    """Run the script; return its output, or raise RuntimeError with its error output."""
    process = subprocess.run(
        ["bash", SCRIPT, *arguments],
        env=environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if process.returncode:
        raise RuntimeError(process.stderr)
    return process.stdout


def environment() -> dict[str, str]:
    """Return the environment without the variables of this process's own Spark."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("SPARK_", "PYSPARK_", "PYTHON"))
    }


def until(condition: Callable[[], bool], event: str) -> None:
    """Wait until a condition holds; fail after `SECONDS`, naming the event."""
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline, f"waited {SECONDS} s for {event}"
        time.sleep(0.05)


def bare_python(folder: Path) -> Path:
    """Create an environment with this one's packages, but without the project.

    The folders named in its `.pth` file are searched without reading their own `.pth` files, one of
    which makes an editable project importable.
    """
    venv.create(folder, symlinks=True)
    (packages,) = folder.glob("lib/python*/site-packages")
    own_packages = [path for path in site.getsitepackages() if Path(path).is_dir()]
    (packages / "packages.pth").write_text("\n".join(own_packages), encoding="utf-8")
    return folder / "bin" / "python"


def build_wheel(folder: Path) -> Path:
    """Write a wheel with the packages and their data, without the downloads of `pip wheel`."""
    settings = configparser.ConfigParser()
    settings.read(PROJECT / "setup.cfg", encoding="utf-8")
    data = {
        package: patterns.split() for package, patterns in settings["options.package_data"].items()
    }
    version = settings["metadata"]["version"]
    path = folder / f"redpajama_spark-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("jobs", "schemas", "udfs"):
            for initial in (PROJECT / name).rglob("__init__.py"):
                package = initial.parent
                dotted = ".".join(package.relative_to(PROJECT).parts)
                for pattern in ("*.py", *data.get(dotted, ())):
                    for file in sorted(package.glob(pattern)):
                        archive.write(file, file.relative_to(PROJECT))
    return path
