"""Rules for all code: what it must not use, which way imports go, how long files and functions are."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
CODE = sorted(
    path for name in ("jobs", "udfs", "schemas") for path in (PROJECT / name).rglob("*.py")
)
# attributes of a session or a data frame that Spark Connect does not have
LACKING = {"sparkContext", "_sc", "_jvm", "_jsc", "_jdf", "rdd", "toJSON", "foreachPartition"}
# the first asks whether the session is Connect's, which tells its progress in another way; the second
# ends the Java that it has started; the third reads what stages of a local session have shuffled
ALLOWED = {
    ("progress.py", "sparkContext"),
    ("class_archive_run.py", "sparkContext"),
    ("stage_metrics.py", "sparkContext"),
    ("stage_metrics.py", "_jsc"),
}
# functions whose result depends on the partition, the task's attempt or the moment
RANDOM = {"rand", "randn", "monotonically_increasing_id", "sample", "uuid", "shuffle", "binaryFile"}
RANDOM_OF = {"F", "functions"}


def uses(path: Path) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute):
            of = node.value.id if isinstance(node.value, ast.Name) else ""
            if (path.name, node.attr) in ALLOWED:
                continue
            if node.attr in LACKING or (node.attr in RANDOM and of in RANDOM_OF):
                found.append(f"{path.name}:{node.lineno} {of}.{node.attr}")
    return found


# what would run or unpack what an input says
RUNNING = {"eval", "exec", "compile", "__import__", "system", "popen", "extractall", "allow_pickle"}
UNPICKLING = {"pickle", "cPickle", "shelve", "marshal", "dill", "joblib", "torch"}


def runs_inputs(path: Path) -> list[str]:
    found = [name for name in imports(path) if name.split(".")[0] in UNPICKLING]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            called = node.func
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            of = getattr(getattr(called, "value", None), "id", "")
            loose = (of, name) in {("yaml", "load"), ("yaml", "unsafe_load"), ("yaml", "full_load")}
            if (path.name, name) == ("yaml_file.py", "load"):  # its loaders are safe by their type
                loose = False
            if (name in RUNNING and (of, name) != ("re", "compile")) or loose:
                found.append(f"{path.name}:{node.lineno} {of}.{name}")
            for given in node.keywords:
                if given.arg in ("allow_pickle", "shell") and ast.unparse(given.value) != "False":
                    found.append(f"{path.name}:{node.lineno} {given.arg}")
    return found


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(PROJECT)))
def test_no_input_is_run_or_unpickled_or_unpacked_to_where_it_says(path: Path) -> None:
    assert runs_inputs(path) == []


def test_code_that_runs_inputs_would_be_seen(tmp_path: Path) -> None:
    bad = tmp_path / "bad.py"
    bad.write_text(
        "import pickle\nyaml.load(x)\narchive.extractall()\neval(x)\nrun(x, shell=True)\n"
        "numpy.load(x, allow_pickle=True)\nre.compile(x)\n"
    )
    assert len(runs_inputs(bad)) == 6


def imports(path: Path) -> set[str]:
    """Return the modules, and the names in them, that a file imports."""
    modules = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            names = (alias.name for alias in node.names)
            modules |= {f"{node.module}.{name}" for name in names}
        elif isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
    return modules


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(PROJECT)))
def test_nothing_that_connect_lacks_and_nothing_random(path: Path) -> None:
    assert uses(path) == []


def test_the_rule_would_be_seen_broken(tmp_path: Path) -> None:
    broken = tmp_path / "broken.py"
    broken.write_text("spark.sparkContext\ndf.rdd\nF.rand()\nrandom.sample(x, 2)\n")
    assert len(uses(broken)) == 3


def test_rules_and_schemas_do_not_know_of_jobs() -> None:
    for path in CODE:
        if PROJECT / "jobs" not in path.parents:
            assert not {name for name in imports(path) if name.split(".")[0] == "jobs"}, path


def test_rules_open_no_session_and_no_store() -> None:
    for path in CODE:
        if PROJECT / "udfs" in path.parents:
            assert not {name for name in imports(path) if name.split(".")[0] == "boto3"}, path
            assert "SparkSession" not in path.read_text(encoding="utf-8"), path


# packages from the top down: code imports from its own layer and from lower ones
LAYERS = (
    ("jobs.steps",),
    ("jobs.slices", "jobs.tables"),
    ("jobs.sources", "jobs.runtime", "jobs.sample"),
    ("jobs.storage",),
    ("udfs",),
    ("schemas",),
)
# the context hands out tables, so it is above jobs.tables, which prints through it
UPWARD = {
    ("jobs/runtime/context.py", f"jobs.tables.{name}")
    for name in ("manifest", "table_handle.TableHandle")
}


def layer(module: str) -> int:
    """Return the layer of a module, 0 for the commands on top."""
    for number, packages in enumerate(LAYERS, start=1):
        if any(module == package or module.startswith(package + ".") for package in packages):
            return number
    return 0 if module.startswith("jobs.") else len(LAYERS) + 1


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(PROJECT)))
def test_imports_go_down(path: Path) -> None:
    relative = path.relative_to(PROJECT)
    own = layer(".".join(relative.with_suffix("").parts))
    upward = {
        name
        for name in imports(path)
        if name.startswith("jobs.") and layer(name) < own and (str(relative), name) not in UPWARD
    }
    assert not upward


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(PROJECT)))
def test_files_and_functions_are_short(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= 250
    long = [
        node.name
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno >= 60
    ]
    assert long == []
