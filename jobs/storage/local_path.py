"""Paths of files that libraries for models read and write themselves, and so must be local."""

from __future__ import annotations

from pathlib import Path

from schemas.errors import UserError


def local_path(name: str) -> Path:
    """The path, absolute, of a disk or a mounted volume; UserError where it is elsewhere."""
    path = name.removeprefix("file://")
    if ":/" in path:
        raise UserError(f"models are kept on a disk or a mounted volume, unlike {name}")
    return Path(path).absolute()


def local_folder(name: str) -> Path:
    """The folder, made where it is not there."""
    folder = local_path(name)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"cannot make the folder {folder}: {error.strerror}") from error
    return folder
