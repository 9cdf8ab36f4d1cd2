"""Scratch folders for training, KenLM's binary form, and the final names of models."""

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
    """Create a folder beside the models, which all workers can see; remove it at the end."""
    folder = output / f"training-{language}-{secrets.token_hex(3)}"
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def uri(path: Path) -> str:
    """Return the address by which Spark writes to a folder; of a Databricks volume, its path."""
    return str(path) if path.parts[1:2] == ("Volumes",) else f"file://{path}"


def build_binary(model: Path, binary: Path) -> Path | None:
    """Write the form that workers map into memory; None if KenLM's program is not on PATH.

    Raises
    ------
    UserError
        The program failed.
    """
    program = shutil.which("build_binary")
    if program is None:
        return None
    run = subprocess.run([program, str(model), str(binary)], capture_output=True, text=True)
    if run.returncode:
        message = (run.stderr.strip().splitlines() or [f"exit code {run.returncode}"])[-1]
        raise UserError(f"{program} failed: {message}")
    return binary


def install(models: PerplexityModels, binary: Path | None, base: Path) -> None:
    """Move the models to where `annotate --models` finds them, and remove an older binary."""
    installed = Path(f"{base}.arpa.bin")
    installed.unlink(missing_ok=True)
    os.replace(models.pieces, f"{base}.sp.model")
    os.replace(models.model, f"{base}.arpa")
    if binary is not None:
        os.replace(binary, installed)
