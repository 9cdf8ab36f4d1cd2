"""YAML files, shipped and of users: what cannot be read, or is not YAML, is told in a line."""

from __future__ import annotations

from importlib import resources
from typing import Any

import yaml

from jobs import storage
from schemas.errors import UserError
from schemas.names import unknown


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


class Shipped:
    """YAML files that are part of this, by name, and those of users beside them.

    Parameters
    ----------
    what
        One of them is called, as `recipe`.
    package, folder
        Where they are.
    """

    def __init__(self, what: str, package: str, folder: str) -> None:
        self._what = what
        # not a path: the wheel may be imported as the archive that it is
        self._folder = resources.files(package) / folder

    def names(self) -> list[str]:
        """Those that are part of this."""
        found = [each.name for each in self._folder.iterdir()]
        return sorted(name.removesuffix(".yaml") for name in found if name.endswith(".yaml"))

    def named(self, name: str, *, option: str) -> tuple[bytes, str]:
        """The content of the file that an option names, and what an error calls it.

        Raises
        ------
        UserError
            There is none of that name, or it cannot be read.
        """
        if name.endswith((".yaml", ".yml")):
            return read(name, option=option), name
        names = self.names()
        if name not in names:
            said = unknown(self._what, name, names)
            raise UserError(f"{option}: {said}; one of your own is a file that ends in .yaml")
        return (self._folder / f"{name}.yaml").read_bytes(), f"the {self._what} {name}"


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
