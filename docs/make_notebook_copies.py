"""Run the notebooks on the sample, and write executed copies with their pictures: `docs/notebooks/`.

    python docs/make_notebook_copies.py [NAME ...]

Paths of the machine and messages of Spark are left out.
"""

from __future__ import annotations

import base64
import io
import json
import os
import re
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode
from PIL import Image

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
COPIES = Path(__file__).parent / "notebooks"
TEXTS = ("text", "text/plain", "text/html")


def run(path: Path, root: Path) -> NotebookNode:
    """Return a notebook with the outputs of a run on a root."""
    os.environ["REDPAJAMA_ROOT"] = str(root)
    notebook: NotebookNode = nbformat.read(path, as_version=4)
    resources = {"metadata": {"path": str(root.parent)}}
    NotebookClient(notebook, kernel_name="python3", timeout=600, resources=resources).execute()
    return notebook


def without_paths(text: str, root: Path) -> str:
    """Return a text with `ROOT` in place of the root, and `DIR` in place of other folders."""
    text = text.replace(str(root), "ROOT")
    return re.sub(r"(?<![\w.:/])/(?:home|root|tmp|work|Users|mnt|usr)/[\w.+/-]*/", "DIR/", text)


def joined(outputs: Iterable[NotebookNode]) -> list[NotebookNode]:
    """Return outputs with what was printed in one piece."""
    kept: list[NotebookNode] = []
    for output in outputs:
        if kept and output.output_type == kept[-1].output_type == "stream":
            kept[-1].text += output.text
        else:
            kept.append(output)
    return kept


def small(picture: str) -> str:
    """Return a PNG in base64 with a palette of 128 colours, which is enough for plots."""
    content = io.BytesIO()
    with Image.open(io.BytesIO(base64.b64decode(picture))) as image:
        image.convert("RGB").quantize(128).save(content, "png", optimize=True)
    return base64.b64encode(content.getvalue()).decode()


def cleaned(notebook: NotebookNode, root: Path) -> NotebookNode:
    """Return the copy to publish: no messages of Spark, no paths, no times of cells."""
    for cell in notebook.cells:
        cell.metadata.clear()
        if cell.cell_type != "code":
            continue
        cell.outputs = joined(output for output in cell.outputs if output.get("name") != "stderr")
        for output in cell.outputs:
            output.get("metadata", {}).clear()
            for content in (output, output.get("data", {})):
                for name in TEXTS:
                    if name in content:
                        content[name] = without_paths(content[name], root)
            if "image/png" in output.get("data", {}):
                output.data.pop("text/plain", None)
                output.data["image/png"] = small(output.data["image/png"])
    return notebook


def main(names: list[str]) -> None:
    """Write the copies of the named notebooks, or of all."""
    COPIES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for path in sorted(NOTEBOOKS.glob("*.ipynb")):
            if not names or path.stem in names:
                # the second reads what the first has made; each of the others has its own root
                number = path.stem[:2].replace("02", "01")
                root = Path(folder, f"root-{number}")
                notebook = cleaned(run(path, root), root)
                text = json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
                (COPIES / path.name).write_text(text, encoding="utf-8")
                print(f"{path.name}: {len(text) / 1000:,.0f} kB")


if __name__ == "__main__":
    main(sys.argv[1:])
