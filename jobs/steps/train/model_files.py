"""Where a model is made, and how it takes its place beside others."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from schemas.errors import UserError
from udfs.models.model_files import PerplexityModels


@contextmanager
def scratch_folder(output: Path, language: str) -> Iterator[Path]:
    """A folder beside the models, which all workers see; gone afterwards."""
    folder = output / f"training-{language}-{secrets.token_hex(3)}"
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def uri(path: Path) -> str:
    """The folder as Spark writes to it; a Databricks volume has no other name than its path."""
    return str(path) if path.parts[1:2] == ("Volumes",) else f"file://{path}"


def build_binary(model: Path, binary: Path) -> Path | None:
    """Make the form that workers map into memory, where KenLM's program is on PATH."""
    program = shutil.which("build_binary")
    if program is None:
        return None
    run = subprocess.run([program, str(model), str(binary)], capture_output=True, text=True)
    if run.returncode:
        last = (run.stderr.strip().splitlines() or [f"exit code {run.returncode}"])[-1]
        raise UserError(f"{program} failed: {last}")
    return binary


def place(made: PerplexityModels, binary: Path | None, base: Path) -> None:
    """Put the models where `annotate --models` finds them; no older binary may stand for the new."""
    named = Path(f"{base}.arpa.bin")
    named.unlink(missing_ok=True)
    os.replace(made.pieces, f"{base}.sp.model")
    os.replace(made.model, f"{base}.arpa")
    if binary is not None:
        os.replace(binary, named)
