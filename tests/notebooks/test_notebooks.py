"""The notebooks run from top to bottom and show what they promise; as committed they are clean."""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from executed import FOLDER, NOTEBOOKS, Executed, Kernel, code_of, kernel
from test_house_rules import uses

each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=[path.stem for path in NOTEBOOKS])
MESSAGES = r"Traceback|(User|Future|Deprecation|Runtime|Resource)Warning"
# folders of a machine, and what keys look like; /Volumes is Databricks' own
PRIVATE = r"/(home|root|tmp|work|Users|mnt)/|AKIA[0-9A-Z]{12}|dapi[0-9a-f]{16}|gh[pousr]_\w{20}"


@each_notebook
def test_as_committed_it_is_clean(path: Path) -> None:
    content = json.loads(path.read_text(encoding="utf-8"))
    nbformat.validate(content)
    assert (content["nbformat"], content["nbformat_minor"]) == (4, 5)
    assert content["metadata"]["kernelspec"]["name"] == "python3"
    for cell in content["cells"]:
        # a name of ours, so that a change of the text is all that a change shows
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", cell["id"])
        assert cell["metadata"] == {}
        if cell["cell_type"] == "code":
            assert (cell["outputs"], cell["execution_count"]) == ([], None)
    assert not re.search(PRIVATE, path.read_text(encoding="utf-8"))


@each_notebook
def test_it_says_what_is_learnt_and_what_comes_next(path: Path) -> None:
    cells = nbformat.read(path, as_version=4).cells
    assert cells[0].source.startswith("# ")
    assert "You will learn" in cells[0].source
    assert cells[-1].source.startswith("## What next")
    # each piece of code is introduced, but for the first two
    kinds = [cell.cell_type for cell in cells]
    assert "code code" not in " ".join(kinds[kinds.index("code") + 2 :])
    assert cells[1].source == nbformat.read(NOTEBOOKS[0], as_version=4).cells[1].source


@each_notebook
def test_it_uses_nothing_that_connect_lacks(path: Path, tmp_path: Path) -> None:
    module = tmp_path / "code.py"
    module.write_text(code_of(path), encoding="utf-8")
    assert uses(module) == []


@pytest.mark.skipif(not shutil.which("ruff", path=Path(sys.executable).parent), reason="no ruff")
def test_no_job_needs_matplotlib() -> None:
    for path in (FOLDER.parent / "jobs").rglob("*.py"):
        assert not re.search(r"import (matplotlib|IPython)", path.read_text(encoding="utf-8")), path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("notebooks")


@pytest.fixture(scope="module")
def running(folder: Path) -> Iterator[Kernel]:
    with kernel(folder) as found:
        yield found


# each notebook runs once, in the order of the names, and the next one begins where all of it is told
Run = tuple[Executed, dict[str, Any]]


@pytest.fixture(scope="module")
def first(running: Kernel, folder: Path) -> Run:
    """On an empty root."""
    done = running.notebook(NOTEBOOKS[0], folder / "first")
    told = "{'outcomes': outcomes, 'rows': len(numbers), 'kept': int(points['kept'].sum()), "
    told += "'truth': str(sample.truth), 'dropped': shown.count()}"
    return done, running.value(told)


@pytest.fixture(scope="module")
def second(running: Kernel, folder: Path, first: Run) -> Run:
    """On the root that the first one made."""
    done = running.notebook(NOTEBOOKS[1], folder / "first")
    told = "{'rows': len(numbers), 'tokens': int(numbers['tokens'].sum()), 'at': list(at), "
    told += (
        "'dropped': len(dropped), 'kept': {name: int(each.sum()) for name, each in kept.items()}}"
    )
    return done, running.value(told)


@pytest.fixture(scope="module")
def third(running: Kernel, folder: Path, second: Run) -> Run:
    """On an empty root, which it fills by itself."""
    done = running.notebook(NOTEBOOKS[2], folder / "third")
    told = "{'found': found[['id', 'survivor_id', 'kind']].values.tolist(), 'goes': goes[0], 'above': above, "
    told += "'nested': small <= middle <= large, 'taken': [len(ids) for ids in taken.values()], "
    told += "'total': total, 'strata': record.details['strata'], 'first': first['id'], "
    told += "'truth': str(notebook.sample_in(root).truth)}"
    return done, running.value(told)


def checked(done: Executed, plots: dict[str, int]) -> None:
    """All cells but the one that installs put something out, without warnings, and the plots are there."""
    assert done.outputs("install") == []
    for cell in done.notebook.cells:
        if cell.cell_type == "code" and cell.id != "install":
            assert cell.outputs, cell.id
            assert not re.search(MESSAGES, done.text(cell.id)), done.text(cell.id)
    assert done.plots() == plots


def test_two_archives_become_scored_documents(first: Run) -> None:
    done, told = first
    checked(done, dict.fromkeys(["status", "ingest", "languages", "signals", "dropped"], 1))
    truth = json.loads(Path(told["truth"]).read_text())
    fault = {each["path"]: each["offset"] for each in truth["captures"] if not each["readable"]}
    captures = [
        each
        for each in truth["captures"]
        if re.search(r"2099-01/.*-0000[04]\.warc\.gz", each["path"])
        and each["offset"] < fault.get(each["path"], 1e18)
    ]
    # every record has one outcome, and the archive that breaks off has one more for its end
    assert sum(told["outcomes"].values()) == len(captures) + 1
    assert told["outcomes"]["quarantine:truncated-gzip"] == 1
    assert "truncated-gzip" in done.text("quarantine")
    assert 100 < told["rows"] <= told["outcomes"]["document"]
    raw = done.html("one")
    assert raw.index("&lt;!DOCTYPE html&gt;") < raw.index("after paragraph dedup")
    assert f"{told['rows']:,} of {told['rows']:,} documents sampled" in done.text("filter")
    assert re.search(rf"kept .* {told['kept']:,} ± 0 ", done.text("filter"))
    assert told["kept"] + told["dropped"] == told["rows"]
    assert told["dropped"] > 0


def test_thresholds_are_tried_on_the_root_of_the_first(first: Run, second: Run) -> None:
    done, told = second
    checked(done, dict.fromkeys(["cutoffs", "signals", "compare", "sweep"], 1))
    assert told["rows"] == first[1]["rows"]
    assert told["tokens"] > 100 * told["rows"]
    # what is counted here is what curate says
    assert re.search(rf"kept .* {told['kept']['gopher']:,} ± 0 ", done.text("gopher"))
    assert told["kept"]["fineweb"] < told["kept"]["gopher"] < told["rows"]
    assert told["at"][0] == pytest.approx(100 * (1 - told["dropped"] / told["rows"]))
    assert "head | middle" in done.text("border")
    assert "farthest" in done.text("dropped")


def test_an_empty_root_is_filled_deduplicated_and_mixed(third: Run) -> None:
    done, told = third
    checked(done, dict.fromkeys(["clusters", "thresholds", "mixed", "nested"], 1))
    survivor = {id_: survivor_id for id_, survivor_id, _ in told["found"]}
    truth = json.loads(Path(told["truth"]).read_text())
    ids = {
        (each["path"], each["url"]): f"common_crawl/{each['record_id']}".replace("urn:uuid:", "")
        for each in truth["captures"]
        if each["kind"] != "duplicate-id"
    }
    copies = 0
    for pair in truth["pairs"]:
        one, other = (ids.get((each["path"], each["url"])) for each in pair["captures"])
        if pair["kind"] == "exact" and {one, other} & survivor.keys():
            assert survivor.get(one, one) == survivor.get(other, other)
            copies += 1
    assert copies >= 6
    assert sum(kind == "near" for _, _, kind in told["found"]) >= 10
    gone = len(survivor)
    assert 0.8 * gone <= told["above"] < told["goes"]
    assert "{+" in done.text("explain")

    got = sum(each["tokens"] for each in told["strata"])
    assert got == pytest.approx(told["total"] / 2, rel=0.05)
    assert [each["stratum"] for each in told["strata"]] == ["c4", "common_crawl", "wikipedia"]
    assert max(each["epochs"] for each in told["strata"]) > 1
    assert told["nested"]
    assert 0 < told["taken"][0] < told["taken"][1] < told["taken"][2]
    traced = done.text("trace")
    assert traced.startswith(told["first"])
    assert re.search(r"raw record +\w", traced)
    assert re.search(r"mixture/ +in: epoch 0, shard 0, position 0", traced)


def test_nothing_is_left_but_tables(second: Run, third: Run, folder: Path) -> None:
    at_first = {"documents", "quarantine", "paragraphs", "annotated"}
    below = {each.name for each in (folder / "first").iterdir()}
    # a dry run removes what it stored for itself
    assert {name for name in below if any((folder / "first" / name).iterdir())} == {
        *at_first,
        *("_runs", "_sample"),
    }
    made = {each.name for each in (folder / "third").iterdir()}
    assert made == at_first | {"duplicates", "copies", "corpus", "mixture", "_runs", "_sample"}


def test_on_databricks_the_wheel_and_the_widgets_are_asked_for(
    second: Run, running: Kernel, folder: Path
) -> None:
    cells = {cell.id: cell.source for cell in nbformat.read(NOTEBOOKS[1], as_version=4).cells}
    running.run("%reset -f")
    running.run(
        f"""
        import os
        from types import SimpleNamespace
        from IPython.core.magic import register_line_magic
        os.environ["DATABRICKS_RUNTIME_VERSION"] = "17.0"
        asked = []
        register_line_magic("pip")(lambda line: asked.append(line))
        dbutils = SimpleNamespace(
            library=SimpleNamespace(restartPython=lambda: asked.append("restart")),
            widgets=SimpleNamespace(
                text=lambda *given: asked.append(given[0]), get=lambda name: {str(folder / "first")!r}
            ),
        )
        """
    )
    try:
        running.run(cells["install"])
        running.run(cells["setup"])
        asked = running.value("asked")
        assert running.value("annotated.count()") == second[1]["rows"]
    finally:
        running.run("import os; os.environ.pop('DATABRICKS_RUNTIME_VERSION')")
    assert re.fullmatch(r"install --quiet /Volumes/\S+\.whl", asked[0])
    assert asked[1:] == ["restart", "root"]
