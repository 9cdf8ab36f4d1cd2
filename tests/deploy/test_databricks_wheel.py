"""Tests of the wheel for Databricks, which does not require pyspark."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import runpy
import zipfile
from pathlib import Path

import pytest
from deploy_files import DEPLOY, PROJECT

FOLDER = DEPLOY / "databricks"

METADATA = """\
Metadata-Version: 2.4
Name: it
Requires-Dist: pyspark<5,>=4.0
Requires-Dist: pyspark-client>=4
Requires-Dist: pandas>=2
Requires-Dist: pyspark[connect]<5,>=4.0; extra == "connect"

Requires-Dist: pyspark is what this text says.
"""


def make_wheel(path: Path, metadata: str) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("it/__init__.py", "")
        archive.writestr("it-1.dist-info/METADATA", metadata)
        archive.writestr(
            "it-1.dist-info/RECORD", "it/__init__.py,,\nit-1.dist-info/METADATA,sha256=x,1\n"
        )


def test_the_wheel_does_not_require_pyspark(tmp_path: Path) -> None:
    without = runpy.run_path(str(FOLDER / "build_wheel.py"))["without"]
    make_wheel(tmp_path / "old.whl", METADATA)
    without(tmp_path / "old.whl", tmp_path / "new.whl", "pyspark")
    with zipfile.ZipFile(tmp_path / "new.whl") as archive:
        assert archive.namelist()[0] == "it/__init__.py"
        metadata = archive.read("it-1.dist-info/METADATA")
        record = list(csv.reader(io.StringIO(archive.read("it-1.dist-info/RECORD").decode())))
    kept = [
        line
        for line in METADATA.splitlines()
        if not line.startswith(("Requires-Dist: pyspark<", "Requires-Dist: pyspark["))
    ]
    assert metadata.decode().splitlines() == kept
    digest = base64.urlsafe_b64encode(hashlib.sha256(metadata).digest()).decode().rstrip("=")
    assert record[1] == ["it-1.dist-info/METADATA", f"sha256={digest}", str(len(metadata))]


def test_a_wheel_without_the_requirement_is_an_error(tmp_path: Path) -> None:
    without = runpy.run_path(str(FOLDER / "build_wheel.py"))["without"]
    make_wheel(tmp_path / "old.whl", METADATA.replace("pyspark", "spark"))
    with pytest.raises(ValueError, match="no requirement of pyspark"):
        without(tmp_path / "old.whl", tmp_path / "new.whl", "pyspark")


def test_notebooks_name_this_wheel() -> None:
    # that of `pip wheel` requires pyspark, and pip would install a second Spark
    notebooks = sorted((PROJECT / "notebooks").glob("*.ipynb"))
    assert notebooks
    for notebook in notebooks:
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
        (install,) = [source for source in sources if "%pip install" in source]
        assert "python3 deploy/databricks/build_wheel.py dist" in install, notebook
