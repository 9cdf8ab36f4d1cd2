"""The notebooks run from top to bottom with the expected results; the committed files are clean."""

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
# folders of a machine and patterns of keys; /Volumes belongs to Databricks
PRIVATE = r"/(home|root|tmp|work|Users|mnt)/|AKIA[0-9A-Z]{12}|dapi[0-9a-f]{16}|gh[pousr]_\w{20}"


@each_notebook
def test_the_committed_file_is_clean(path: Path) -> None:
    content = json.loads(path.read_text(encoding="utf-8"))
    nbformat.validate(content)
    assert (content["nbformat"], content["nbformat_minor"]) == (4, 5)
    assert content["metadata"]["kernelspec"]["name"] == "python3"
    for cell in content["cells"]:
        # readable ids instead of generated ones, so that diffs show only changes of content
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", cell["id"])
        assert cell["metadata"] == {}
        if cell["cell_type"] == "code":
            assert (cell["outputs"], cell["execution_count"]) == ([], None)
    assert not re.search(PRIVATE, path.read_text(encoding="utf-8"))


@each_notebook
def test_it_has_an_introduction_and_next_steps(path: Path) -> None:
    cells = nbformat.read(path, as_version=4).cells
    assert cells[0].source.startswith("# ")
    assert "You will learn" in cells[0].source
    assert cells[-1].source.startswith("## What next")
    # text introduces each code cell except the first two
    kinds = [cell.cell_type for cell in cells]
    assert "code code" not in " ".join(kinds[kinds.index("code") + 2 :])
    assert cells[1].source == nbformat.read(NOTEBOOKS[0], as_version=4).cells[1].source


@each_notebook
def test_it_uses_only_what_connect_supports(path: Path, tmp_path: Path) -> None:
    module = tmp_path / "code.py"
    module.write_text(code_of(path), encoding="utf-8")
    assert uses(module) == []


@each_notebook
def test_the_copy_with_pictures_is_of_this_notebook(path: Path) -> None:
    """`python docs/make_notebook_copies.py` writes them."""
    text = (FOLDER.parent / "docs/notebooks" / path.name).read_text(encoding="utf-8")
    copy = nbformat.reads(text, as_version=4)
    notebook = nbformat.read(path, as_version=4)
    assert [(cell.id, cell.source) for cell in copy.cells] == [
        (cell.id, cell.source) for cell in notebook.cells
    ]
    assert len(text) < 300_000
    outputs = [output for cell in copy.cells for output in cell.get("outputs", ())]
    assert {output.output_type for output in outputs} <= {
        "stream",
        "display_data",
        "execute_result",
    }
    assert {output.name for output in outputs if output.output_type == "stream"} == {"stdout"}
    pictures = [output.data.pop("image/png", "") for output in outputs if "data" in output]
    assert sum(map(bool, pictures)) >= 4
    assert not re.search(PRIVATE, json.dumps(outputs))


@pytest.mark.skipif(not shutil.which("ruff", path=Path(sys.executable).parent), reason="no ruff")
def test_no_job_needs_matplotlib() -> None:
    for path in (FOLDER.parent / "jobs").rglob("*.py"):
        if path.parent.name != "notebook":
            assert not re.search(
                r"(import|from) (matplotlib|IPython)", path.read_text(encoding="utf-8")
            ), path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("notebooks")


@pytest.fixture(scope="module")
def running(folder: Path) -> Iterator[Kernel]:
    with kernel(folder) as running_kernel:
        yield running_kernel


# each notebook runs once, in the order of the names, and its values are read before the next one
Run = tuple[Executed, dict[str, Any]]


@pytest.fixture(scope="module")
def first(running: Kernel, folder: Path) -> Run:
    """Run the first notebook on an empty root."""
    executed = running.notebook(NOTEBOOKS[0], folder / "first")
    values = "{'outcomes': outcomes, 'rows': len(numbers), 'kept': int(points['kept'].sum()), "
    values += "'truth': str(sample.truth), 'dropped': shown.count()}"
    return executed, running.value(values)


@pytest.fixture(scope="module")
def second(running: Kernel, folder: Path, first: Run) -> Run:
    """Run the second notebook on the root of the first one."""
    executed = running.notebook(NOTEBOOKS[1], folder / "first")
    values = "{'rows': len(numbers), 'tokens': int(numbers['tokens'].sum()), "
    values += "'kept_shares': list(at_threshold), 'dropped': len(dropped), "
    values += "'kept': {name: int(is_kept.sum()) for name, is_kept in kept.items()}}"
    return executed, running.value(values)


@pytest.fixture(scope="module")
def third(running: Kernel, folder: Path, second: Run) -> Run:
    """Run the third notebook on an empty root, which it fills."""
    executed = running.notebook(NOTEBOOKS[2], folder / "third")
    values = "{'removed': removed[['id', 'survivor_id', 'kind']].values.tolist(), "
    values += "'removed_at_lowest': removed_at[0], 'above': above, "
    values += "'nested': small <= middle <= large, 'taken': [len(ids) for ids in taken.values()], "
    values += "'total': total, 'strata': record.details['strata'], 'first': first['id'], "
    values += "'truth': str(notebook.sample_in(root).truth)}"
    return executed, running.value(values)


@pytest.fixture(scope="module")
def fourth(running: Kernel, folder: Path, third: Run) -> Run:
    """Run the fourth notebook on the root of the third one, without its corpus."""
    root = folder / "fourth"
    shutil.copytree(folder / "third", root)
    for name in ("corpus", "mixture"):
        shutil.rmtree(root / name)
    executed = running.notebook(NOTEBOOKS[3], root)
    values = "{'taken': taken, 'reasons': reasons, 'steps': steps.to_dict('list'), "
    values += "'drawn': len(before), 'kept': int(before['kept'].sum()), 'tokens': tokens, "
    values += "'rows': [record.rows_out for record in records]}"
    return executed, running.value(values)


def check(executed: Executed, plots: dict[str, int]) -> None:
    """Assert that all cells after the installation have output without warnings, and the plots."""
    assert executed.outputs("install") == []
    for cell in executed.notebook.cells:
        if cell.cell_type == "code" and cell.id != "install":
            text = executed.text(cell.id)
            assert cell.outputs, cell.id
            assert not re.search(MESSAGES, text), text
    assert executed.plots() == plots


def test_two_archives_become_scored_documents(first: Run) -> None:
    executed, values = first
    check(executed, dict.fromkeys(["status", "ingest", "languages", "signals", "dropped"], 1))
    truth = json.loads(Path(values["truth"]).read_text())
    faults = {row["path"]: row["offset"] for row in truth["captures"] if not row["readable"]}
    captures = [
        row
        for row in truth["captures"]
        if re.search(r"2099-01/.*-0000[04]\.warc\.gz", row["path"])
        and row["offset"] < faults.get(row["path"], 1e18)
    ]
    # every record has one outcome, and the truncated archive has one more for its end
    assert sum(values["outcomes"].values()) == len(captures) + 1
    assert values["outcomes"]["quarantine:truncated-gzip"] == 1
    assert "truncated-gzip" in executed.text("quarantine")
    rows = values["rows"]
    assert 100 < rows <= values["outcomes"]["document"]
    raw = executed.html("one")
    assert raw.index("&lt;!DOCTYPE html&gt;") < raw.index("after paragraph dedup")
    assert f"{rows:,} of {rows:,} documents sampled" in executed.text("filter")
    assert re.search(rf"kept .* {values['kept']:,} ± 0 ", executed.text("filter"))
    assert values["kept"] + values["dropped"] == rows
    assert values["dropped"] > 0


def test_thresholds_are_compared_on_the_root_of_the_first(first: Run, second: Run) -> None:
    executed, values = second
    check(executed, dict.fromkeys(["cutoffs", "signals", "compare", "sweep"], 1))
    rows = values["rows"]
    assert rows == first[1]["rows"]
    assert values["tokens"] > 100 * rows
    # the counts equal those of curate
    assert re.search(rf"kept .* {values['kept']['gopher']:,} ± 0 ", executed.text("gopher"))
    assert values["kept"]["fineweb"] < values["kept"]["gopher"] < rows
    assert values["kept_shares"][0] == pytest.approx(100 * (1 - values["dropped"] / rows))
    assert "head | middle" in executed.text("border")
    assert "farthest" in executed.text("dropped")


def test_an_empty_root_is_filled_deduplicated_and_mixed(third: Run) -> None:
    executed, values = third
    check(executed, dict.fromkeys(["clusters", "thresholds", "mixed", "nested"], 1))
    survivor = {id_: survivor_id for id_, survivor_id, _ in values["removed"]}
    truth = json.loads(Path(values["truth"]).read_text())
    ids = {
        (row["path"], row["url"]): f"common_crawl/{row['record_id']}".replace("urn:uuid:", "")
        for row in truth["captures"]
        if row["kind"] != "duplicate-id"
    }
    copies = 0
    for pair in truth["pairs"]:
        one, other = (ids.get((row["path"], row["url"])) for row in pair["captures"])
        if pair["kind"] == "exact" and {one, other} & survivor.keys():
            assert survivor.get(one, one) == survivor.get(other, other)
            copies += 1
    assert copies >= 6
    assert sum(kind == "near" for _, _, kind in values["removed"]) >= 10
    assert 0.8 * len(survivor) <= values["above"] < values["removed_at_lowest"]
    assert "{+" in executed.text("explain")

    strata = values["strata"]
    tokens = sum(stratum["tokens"] for stratum in strata)
    assert tokens == pytest.approx(values["total"] / 2, rel=0.05)
    assert [stratum["stratum"] for stratum in strata] == ["c4", "common_crawl", "wikipedia"]
    assert max(stratum["epochs"] for stratum in strata) > 1
    assert values["nested"]
    assert 0 < values["taken"][0] < values["taken"][1] < values["taken"][2]
    traced = executed.text("trace")
    assert traced.startswith(values["first"])
    assert re.search(r"raw record +\w", traced)
    assert re.search(r"mixture/ +in: epoch 0, shard 0, position 0", traced)


def test_a_crawl_becomes_a_better_mixture(third: Run, fourth: Run) -> None:
    executed, values = fourth
    check(executed, dict.fromkeys(["extractors", "filters", "stages", "measures"], 1))
    assert values["taken"]["raw"] > values["taken"]["body"] > values["taken"]["main"] > 0
    pages = executed.html("pages")
    assert pages.count("<details") == 2
    assert pages.count("<details open>") == 1
    documents, characters = values["steps"]["documents"], values["steps"]["characters"]
    assert documents[0] == documents[1] == sum(values["reasons"].values()) == values["drawn"]
    assert documents[2] == values["reasons"]["kept"]
    assert documents[1] > documents[2] > documents[3] == values["kept"]
    assert characters == sorted(characters, reverse=True)
    # what the notebook computes is what curate keeps
    assert values["rows"][0] == documents[3]
    assert values["rows"][1] > 0
    assert values["tokens"] > 1000


def test_only_tables_remain(second: Run, third: Run, folder: Path) -> None:
    tables = {"documents", "quarantine", "paragraphs", "annotated"}
    # a dry run removes its temporary files
    first = {path.name for path in (folder / "first").iterdir() if any(path.iterdir())}
    assert first == tables | {"_runs", "_sample"}
    last = {path.name for path in (folder / "third").iterdir()}
    made = {"duplicates", "copies", "corpus", "mixture"}
    assert last == tables | made | {"templates", "_runs", "_sample"}


def test_on_databricks_the_wheel_is_installed_and_widgets_are_used(
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
        calls = []
        register_line_magic("pip")(lambda line: calls.append(line))
        dbutils = SimpleNamespace(
            library=SimpleNamespace(restartPython=lambda: calls.append("restart")),
            widgets=SimpleNamespace(
                text=lambda name, default: calls.append(name),
                dropdown=lambda name, default, choices: calls.append((name, default in choices)),
                get=lambda name: {{"root": {str(folder / "first")!r}, "filters": "c4"}}[name],
            ),
        )
        """
    )
    try:
        running.run(cells["install"])
        running.run(cells["setup"])
        calls = running.value("calls")
        assert running.value("annotated.count()") == second[1]["rows"]
    finally:
        running.run("import os; os.environ.pop('DATABRICKS_RUNTIME_VERSION')")
    assert re.fullmatch(r"install --quiet /Volumes/\S+\.whl", calls[0])
    assert calls[1:] == ["restart", "root", ["filters", True]]
    assert running.value("filter_set") == "c4"
