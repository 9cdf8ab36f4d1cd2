"""Kill the driver, a worker or an executor at random moments and verify that no data is lost.

    python tests/kills.py [--times 10] [--seed 1]

Each time the pipeline runs from the embedded sample to a mixture, in a new root, on a standalone cluster of
two workers. One process is killed with `kill -9` while a reader reads every published table. An aborted
run is started again; its tables must equal those of an undisturbed run.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
import tempfile
import threading
import time
from pathlib import Path

import yaml
from cluster import SECONDS, Cluster, bare_python, build_wheel, started
from roots import contents, readable
from seven import seven_settings

from jobs import sample

SLICES = ("common_crawl", "c4")  # in groups, so that a kill can hit an ingest between them
VICTIMS = ("driver", "worker", "executor")


class Reader(threading.Thread):
    """Reads all published tables repeatedly until it is stopped."""

    def __init__(self, root: str) -> None:
        super().__init__(daemon=True)
        self.root, self.over, self.times, self.error = root, threading.Event(), 0, ""

    def run(self) -> None:
        while not self.over.wait(1):
            try:
                readable(self.root)
                self.times += 1
            except Exception as error:  # noqa: BLE001 - any error means an unreadable table
                self.error = f"{type(error).__name__}: {error}"
                return


def victim_of(cluster: Cluster, victim: str, driver: int) -> int | None:
    """Return the id of the process to kill, or None if it does not exist at the moment."""
    if victim == "driver":
        return driver
    if victim == "worker":
        return int((cluster.folder / "worker-2.pid").read_text())
    try:
        return random.choice(list(cluster.executors().values()) or [None])
    except IndexError:  # no application has been registered yet
        return None


def disturbed(cluster: Cluster, settings: Path, root: str, victim: str, after: float) -> str:
    """Run the job, kill one process after `after` seconds, rerun it to its end; return a summary."""
    reader, runs, killed = Reader(root), 0, "nothing"
    reader.start()
    while True:
        runs += 1
        with cluster.submitted("run", "--config", str(settings)) as job:
            if killed == "nothing":
                time.sleep(after)
                process = victim_of(cluster, victim, job.pid)
                if process is not None and job.poll() is None:
                    os.kill(process, signal.SIGKILL)
                    killed = victim
            output, _ = job.communicate(timeout=SECONDS)
        if job.returncode == 0:
            break
        if runs > 3:
            raise SystemExit(output)
    reader.over.set()
    reader.join()
    if reader.error:
        raise SystemExit(f"a table could not be read during the run: {reader.error}")
    return f"{killed} killed after {after:.0f} s, runs {runs}, tables read {reader.times} times"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--times", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    choose = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        info = sample.make(folder / "sample")
        python, wheel = bare_python(folder / "python"), build_wheel(folder)

        def file(root: str) -> Path:
            settings = seven_settings(info, root)
            settings["ingest"] = [
                {**ingest, "group_bytes": 100_000}
                for ingest in settings["ingest"]
                if ingest["slice"] in SLICES
            ]
            settings["mix"] = {"tokens": 60_000, "shards": 2}
            path = folder / "corpus.yaml"
            path.write_text(yaml.safe_dump(settings))
            return path

        expected: dict[str, list[str]] = {}
        seconds = 0.0
        for number in range(options.times + 1):
            root = str(folder / f"root-{number}")
            options_ = ["--memory", "512m", "--python", str(python), "--wheel", str(wheel)]
            with started(folder / f"cluster-{number}", *options_, watch=False) as cluster:
                if not number:
                    start = time.monotonic()
                    cluster.run("run", "--config", str(file(root)))
                    seconds = time.monotonic() - start
                    expected = contents(root)
                    print(f"undisturbed: {seconds:.0f} s", flush=True)
                    continue
                victim = VICTIMS[number % len(VICTIMS)]
                after = choose.uniform(0.1, 0.9) * seconds
                summary = disturbed(cluster, file(root), root, victim, after)
            same = contents(root) == expected
            print(f"{number}: {summary}, {'the same rows' if same else 'OTHER ROWS'}", flush=True)
            if not same:
                sys.exit(1)


if __name__ == "__main__":
    main()
