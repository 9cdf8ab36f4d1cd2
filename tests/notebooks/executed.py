"""Run notebooks as they are in the tree, and look at what their cells put out."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from jupyter_client.manager import KernelManager
from nbclient import NotebookClient
from nbformat import NotebookNode

FOLDER = Path(__file__).parents[2] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))

# small data: compiling plans, and the JVM's code twice, takes longer than the work
SPARK_DEFAULTS = """\
spark.sql.codegen.wholeStage false
spark.sql.codegen.factoryMode NO_CODEGEN
"""


@dataclass(frozen=True)
class Executed:
    """A notebook after it ran, its cells by id."""

    notebook: NotebookNode

    def outputs(self, cell: str) -> list[NotebookNode]:
        """What a cell put out."""
        return next(each.outputs for each in self.notebook.cells if each.id == cell)

    def text(self, cell: str) -> str:
        """What a cell printed, and the text of what it displayed."""
        return "".join(
            each.text if each.output_type == "stream" else each.data.get("text/plain", "") + "\n"
            for each in self.outputs(cell)
        )

    def html(self, cell: str) -> str:
        """What a cell displayed as HTML."""
        data = [each.data for each in self.outputs(cell) if "data" in each]
        return "".join(each.get("text/html", "") for each in data)

    def plots(self) -> dict[str, int]:
        """The number of plots of each cell that has any."""
        counts = {
            cell.id: sum("image/png" in each.get("data", {}) for each in cell.outputs)
            for cell in self.notebook.cells
            if cell.cell_type == "code"
        }
        return {id_: n for id_, n in counts.items() if n}


class Kernel:
    """One kernel, whose Spark session the notebooks share; each begins with an empty namespace."""

    def __init__(self, manager: KernelManager) -> None:
        self._manager = manager

    def run(self, source: str) -> str:
        """Run code that is in no notebook; return what it printed."""
        cell = nbformat.v4.new_code_cell(source)
        NotebookClient(
            nbformat.v4.new_notebook(cells=[cell]), km=self._manager, timeout=120
        ).execute()
        return "".join(
            each.get("text", "") for each in cell.outputs if each.get("name") == "stdout"
        )

    def notebook(self, path: Path, root: Path) -> Executed:
        """Run a notebook from top to bottom with this root, where there are no widgets.

        Raises
        ------
        nbclient.exceptions.CellExecutionError
            A cell failed.
        """
        self.run("%reset -f")
        self.run(f"import os; os.environ['REDPAJAMA_ROOT'] = {str(root)!r}")
        content = nbformat.read(path, as_version=4)
        NotebookClient(content, km=self._manager, timeout=600).execute()
        return Executed(content)

    def value(self, expression: str) -> Any:
        """What an expression is, in the namespace that the last notebook left, by way of JSON."""
        return json.loads(self.run(f"import json; print(json.dumps({expression}))"))


@contextmanager
def kernel(folder: Path) -> Iterator[Kernel]:
    """A kernel that works in a folder."""
    conf = folder / "conf"
    conf.mkdir()
    (conf / "spark-defaults.conf").write_text(SPARK_DEFAULTS)
    options = os.environ.get("JAVA_TOOL_OPTIONS", "")
    unset = {"DATABRICKS_RUNTIME_VERSION", "MPLBACKEND", "PYSPARK_GATEWAY_PORT", "SPARK_REMOTE"}
    environment = {name: value for name, value in os.environ.items() if name not in unset} | {
        "SPARK_CONF_DIR": str(conf),
        "JAVA_TOOL_OPTIONS": f"{options} -XX:TieredStopAtLevel=1".strip(),
        # the working directory of the kernel is not the checkout
        "PYTHONPATH": os.pathsep.join(
            filter(None, [str(FOLDER.parent), os.environ.get("PYTHONPATH")])
        ),
    }
    manager = KernelManager(kernel_name="python3", transport="ipc", ip=str(folder / "kernel"))
    manager.start_kernel(cwd=str(folder), env=environment)
    try:
        yield Kernel(manager)
    finally:
        manager.shutdown_kernel(now=True)
        manager.cleanup_resources()


def code_of(path: Path) -> str:
    """The code of a notebook as a module, without the lines that are magics."""
    cells = [each for each in nbformat.read(path, as_version=4).cells if each.cell_type == "code"]
    return re.sub(r"(?m)^(\s*)%.*$", r"\1pass", "\n\n".join(each.source for each in cells)) + "\n"
