"""Run the notebooks of the project and read the outputs of their cells."""

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

from jobs.runtime.session import INTERPRETED, QUICK

FOLDER = Path(__file__).parents[2] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))

# for small data, compiling plans, and JVM code twice, takes longer than the work
SPARK_DEFAULTS = "".join(f"{key} {value}\n" for key, value in INTERPRETED.items())


@dataclass(frozen=True)
class Executed:
    """An executed notebook, with access to its cells by id."""

    notebook: NotebookNode

    def outputs(self, cell: str) -> list[NotebookNode]:
        """Return the outputs of a cell."""
        outputs: list[NotebookNode]
        (outputs,) = [node.outputs for node in self.notebook.cells if node.id == cell]
        return outputs

    def text(self, cell: str) -> str:
        """Return the text that a cell printed or displayed."""
        return "".join(
            output.text
            if output.output_type == "stream"
            else output.data.get("text/plain", "") + "\n"
            for output in self.outputs(cell)
        )

    def html(self, cell: str) -> str:
        """Return the HTML that a cell displayed."""
        outputs = [output.data for output in self.outputs(cell) if "data" in output]
        return "".join(data.get("text/html", "") for data in outputs)

    def plots(self) -> dict[str, int]:
        """Return the number of plots by cell, for cells with plots."""
        counts = {
            cell.id: sum("image/png" in output.get("data", {}) for output in cell.outputs)
            for cell in self.notebook.cells
            if cell.cell_type == "code"
        }
        return {id_: n for id_, n in counts.items() if n}


class Kernel:
    """A kernel whose Spark session the notebooks share; each starts with an empty namespace."""

    def __init__(self, manager: KernelManager) -> None:
        self._manager = manager

    def run(self, source: str) -> str:
        """Run code outside of a notebook; return its printed output."""
        cell = nbformat.v4.new_code_cell(source)
        NotebookClient(
            nbformat.v4.new_notebook(cells=[cell]), km=self._manager, timeout=120
        ).execute()
        return "".join(
            output.get("text", "") for output in cell.outputs if output.get("name") == "stdout"
        )

    def notebook(self, path: Path, root: Path) -> Executed:
        """Run a notebook from top to bottom with a root, without widgets.

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
        """Return the value of an expression in the namespace of the last notebook, through JSON."""
        return json.loads(self.run(f"import json; print(json.dumps({expression}))"))


@contextmanager
def kernel(folder: Path) -> Iterator[Kernel]:
    """Start a kernel with a folder as its working directory."""
    conf = folder / "conf"
    conf.mkdir()
    (conf / "spark-defaults.conf").write_text(SPARK_DEFAULTS)
    options = os.environ.get("JAVA_TOOL_OPTIONS", "")
    unset = {"DATABRICKS_RUNTIME_VERSION", "MPLBACKEND", "PYSPARK_GATEWAY_PORT", "SPARK_REMOTE"}
    environment = {name: value for name, value in os.environ.items() if name not in unset} | {
        "SPARK_CONF_DIR": str(conf),
        "JAVA_TOOL_OPTIONS": f"{options} {QUICK}".strip(),
        # because the working directory of the kernel is not the checkout
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
    """Return the code of a notebook as a module, with `pass` in place of magics."""
    cells = nbformat.read(path, as_version=4).cells
    code = "\n\n".join(cell.source for cell in cells if cell.cell_type == "code")
    return re.sub(r"(?m)^(\s*)%.*$", r"\1pass", code) + "\n"
