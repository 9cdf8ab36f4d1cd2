"""What all tests share: one Spark session, the real data, the conformance pairs."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

# a machine that does other work is no fault of the code
hypothesis.settings.register_profile("patient", deadline=None)
hypothesis.settings.load_profile("patient")

SHARED = Path(os.environ.get("REDPAJAMA_SHARED", Path(__file__).parents[2] / "shared"))


# these files look at one root, which takes a minute to make; and they, and notebooks, take longest
SEVEN = re.compile(r"test_(seven_slices|cluster|connect|resume)\.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest."""
    items.sort(key=lambda item: (not SEVEN.search(item.nodeid), "notebooks" not in item.nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Have a file's tests run in one process, and those of `SEVEN` as if they were one file."""
    from xdist.scheduler import LoadScopeScheduling

    class ByFile(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return "seven" if SEVEN.search(nodeid) else nodeid.partition("::")[0]

    return ByFile(config, log)


def shared_folder(content: str, *path: str) -> Path:
    """Return a folder beside the project; skip the test, naming the content, where it is absent."""
    folder = SHARED.joinpath(*path)
    if not folder.is_dir():
        pytest.skip(f"no {content} at {folder} (set REDPAJAMA_SHARED)")
    return folder


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real archives, dumps and models beside the project; skips where it is absent."""
    return shared_folder("real data", "data")


@pytest.fixture(scope="session")
def web_cases() -> Path:
    """The folder of pages with their right text, a folder a kind; skips where it is absent."""
    return shared_folder("pages", "cases", "web")


@pytest.fixture(scope="session")
def rule_cases() -> Path:
    """The folder of texts with the right decision of a rule; skips where it is absent."""
    return shared_folder("texts", "cases", "rules")


@pytest.fixture(scope="session")
def dump_cases() -> Path:
    """The folder of parts of dumps with their right text, a folder a kind; skips where it is absent."""
    return shared_folder("dumps", "cases", "dumps")


@pytest.fixture(scope="session")
def after_cases() -> Path:
    """The folder of faults found after a release, a folder each; skips where it is absent."""
    return shared_folder("cases", "cases", "after")


@pytest.fixture(scope="session")
def conformance() -> Callable[..., list[dict[str, Any]]]:
    """Pairs made by running the reference code, by the start of the function's name."""
    path = SHARED / "spec" / "conformance.json"
    if not path.is_file():
        pytest.skip(f"no conformance pairs at {path} (set REDPAJAMA_SHARED)")
    cases: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))

    def select(function: str, *, exact: bool = False) -> list[dict[str, Any]]:
        chosen = [
            case
            for case in cases
            if (case["function"] == function if exact else case["function"].startswith(function))
        ]
        assert chosen, f"no conformance pair for {function!r}"
        return chosen

    return select


@pytest.fixture(scope="session")
def spark() -> Iterator[Any]:
    """One local session of two cores for the whole run.

    It is as for small data: plans are interpreted, and the JVM compiles once. The tests of clusters and of
    Connect have adaptive plans.
    """
    os.environ["PYSPARK_PYTHON"] = os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable
    from jobs.runtime import session

    spark = session.local_session(
        cores=2,
        shuffle_partitions=3,
        java_options=session.QUICK,
        settings=session.INTERPRETED,
    )
    yield spark
    spark.stop()
