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


class _UniqueKeys(yaml.constructor.BaseConstructor):
    """A key that is given twice is a mistake: YAML would take the last one without a word."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        for key in keys:
            if keys.count(key) > 1:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key!r} is there twice", node.start_mark
                )
        return super().construct_mapping(node, deep=deep)


class Loader(_UniqueKeys, yaml.SafeLoader):
    """Plain values alone, as YAML reads them."""


class TextLoader(_UniqueKeys, yaml.BaseLoader):
    """All values as text: in YAML `no`, Norwegian, is false."""


def parse(
    content: str | bytes, where: str, loader: type[Loader] | type[TextLoader] = Loader
) -> Any:
    """What some YAML says; `where` is what an error calls it.

    Raises
    ------
    UserError
        It is not YAML, or a key is there twice.
    """
    try:
        return yaml.load(content, loader)
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise UserError(f"{where} is not YAML: {' '.join(str(error).split())}") from error
