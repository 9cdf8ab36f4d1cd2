"""A real Spark standalone cluster for the tests: what `deploy/local/cluster` starts.

Driver and workers run by a Python that has the dependencies and not the project, so that the project
reaches them only as the wheel that goes with a job.
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

PROJECT = Path(__file__).parents[1]
SCRIPT = PROJECT / "deploy/local/cluster"
SECONDS = 600
"""What a step may take on a busy machine."""


# a JVM that lives for a minute spends half of its time on compiling well what it compiled already
QUICK = "-XX:TieredStopAtLevel=1"


@dataclass(frozen=True)
class Cluster:
    """A running cluster: its folder, and the line that `start` printed to submit a job by."""

    folder: Path
    line: str

    @contextlib.contextmanager
    def submitted(
        self, job: str, *arguments: str, options: Mapping[str, str] | None = None
    ) -> Iterator[subprocess.Popen[str]]:
        """Run a job, with options of Spark's; where the test leaves before it ends, it is killed."""
        words = shlex.split(self.line.replace("jobs/dedup.py --root ROOT", f"jobs/{job}.py"))
        place = words.index("--py-files")
        quick = [f"--conf=spark.{each}.extraJavaOptions={QUICK}" for each in ("driver", "executor")]
        quick += [f"--conf={name}={value}" for name, value in (options or {}).items()]
        # the line begins with variables
        process = subprocess.Popen(
            ["env", *words[:place], *quick, *words[place:], *arguments],
            cwd=self.folder,
            env=environment(),
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
        """Run a job to its end, and return what it said."""
        with self.submitted(job, *arguments) as process:
            said, _ = process.communicate(timeout=SECONDS)
        assert process.returncode == 0, said
        return said

    def log(self) -> str:
        """What the master has said so far."""
        return (self.folder / "master.log").read_text(encoding="utf-8")

    def executors(self) -> dict[str, int]:
        """The process of each executor of the last application, by the executor's number."""
        application = re.findall(r"Registered app .* with ID (app-\S+)", self.log())[-1]
        found = {}
        for process in self.processes():
            with contextlib.suppress(OSError):
                words = Path(f"/proc/{process}/cmdline").read_text(encoding="utf-8").split("\0")
                if application in words and any(
                    word.endswith("CoarseGrainedExecutorBackend") for word in words
                ):
                    found[words[words.index("--executor-id") + 1]] = process
        return found

    def processes(self) -> list[int]:
        """Every process of the cluster, by the mark that they inherit."""
        mark = f"REDPAJAMA_CLUSTER={self.folder}".encode()
        found = []
        for path in Path("/proc").glob("[0-9]*/environ"):
            with contextlib.suppress(OSError):
                if mark in path.read_bytes().split(b"\0"):
                    found.append(int(path.parent.name))
        return found


@contextlib.contextmanager
def started(folder: Path, *options: str, watch: bool = True) -> Iterator[Cluster]:
    """Run a cluster in a folder that is not there yet; it ends with the tests, however they end.

    With `watch` no daemon may end before.
    """
    command("start", "--folder", str(folder), *options)
    # reads until this process closes its end of the pipe, or is gone
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
    """Call the script; an error has what it said."""
    done = subprocess.run(
        ["bash", SCRIPT, *arguments],
        env=environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    return done.stdout


def environment() -> dict[str, str]:
    """The environment without what this process has set for a Spark of its own."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("SPARK_", "PYSPARK_", "PYTHON"))
    }


def until(true: Callable[[], bool], what: str) -> None:
    """Wait until something holds, and no longer than a step may take."""
    deadline = time.monotonic() + SECONDS
    while not true():
        assert time.monotonic() < deadline, f"waited {SECONDS} s for {what}"
        time.sleep(0.05)


def bare_python(folder: Path) -> Path:
    """Make an environment that has this one's packages, but not the project.

    A `.pth` file names folders whose own `.pth` files are not read, and by one of these an editable
    project is found.
    """
    venv.create(folder, symlinks=True)
    (packages,) = folder.glob("lib/python*/site-packages")
    here = [path for path in site.getsitepackages() if Path(path).is_dir()]
    (packages / "packages.pth").write_text("\n".join(here), encoding="utf-8")
    return folder / "bin" / "python"


def build_wheel(folder: Path) -> Path:
    """Make a wheel as `pip wheel` does, which downloads what builds it: packages and their data."""
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
