"""YAML files of users: what cannot be read, or is not YAML, is told in a line."""

from __future__ import annotations

from typing import Any

import yaml

from jobs import storage
from schemas.errors import UserError


def read(uri: str, *, option: str = "") -> bytes:
    """The content of a file that an option names.

    Raises
    ------
    UserError
        It cannot be read.
    """
    try:
        return storage.read_bytes(uri)
    except OSError as error:
        prefix = f"{option}: " if option else ""
        raise UserError(f"{prefix}cannot read {uri}: {error.strerror or error}") from error


def parse(content: str | bytes, where: str, loader: type[yaml.SafeLoader] = yaml.SafeLoader) -> Any:
    """What some YAML says; `where` is what an error calls it.

    Raises
    ------
    UserError
        It is not YAML.
    """
    try:
        return yaml.load(content, loader)
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise UserError(f"{where} is not YAML: {' '.join(str(error).split())}") from error
