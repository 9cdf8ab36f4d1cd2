"""Local paths of model files, which model libraries open themselves."""

from __future__ import annotations

from pathlib import Path

from schemas.errors import UserError


def local_path(name: str) -> Path:
    """Return the absolute path of a file on a disk or a mounted volume.

    Raises UserError for a URI of another store.
    """
    path = name.removeprefix("file://")
    if ":/" in path:
        raise UserError(f"cannot keep models at {name}: name a path on a disk or a mounted volume")
    return Path(path).absolute()


def local_folder(name: str) -> Path:
    """Return the absolute path of a local folder, which is created if it does not exist.

    Raises UserError if it cannot be created.
    """
    folder = local_path(name)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"cannot create the folder {folder}: {error.strerror}") from error
    return folder
