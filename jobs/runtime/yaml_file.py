"""Load bundled and user YAML files; report read and syntax errors in one line."""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING, Any

import yaml

from jobs import storage
from schemas import entry_points
from schemas.errors import UserError, one_line
from schemas.names import unknown

if TYPE_CHECKING:
    from importlib.abc import Traversable


def read(uri: str, *, option: str = "") -> bytes:
    """Return the content of a file that an option names.

    Raises
    ------
    UserError
        The file cannot be read.
    """
    try:
        return storage.read_bytes(uri)
    except OSError as error:
        prefix = f"{option}: " if option else ""
        raise UserError(f"{prefix}cannot read {uri}: {error.strerror or error}") from error


class Shipped:
    """YAML files of one kind: bundled ones and those of packages by name, those of users by path.

    Parameters
    ----------
    kind
        The word for one of them in errors, such as `recipe`.
    package, folder
        The folder of the bundled files.
    group
        Entry points by which installed packages add files: the value of each is a Python package, and
        each .yaml file in that is one, by its name.
    """

    def __init__(self, kind: str, package: str, folder: str, *, group: str | None = None) -> None:
        self._kind = kind
        self._group = group
        # not a path: Python may import the wheel as an archive
        self._folder = resources.files(package) / folder

    def names(self) -> list[str]:
        """Return the names of the bundled files."""
        return sorted(_by_name(self._folder))

    def named(self, name: str, *, option: str) -> tuple[bytes, str]:
        """Return the content of the file that an option names, and what an error calls the file.

        Raises
        ------
        UserError
            The file does not exist or cannot be read, a package is broken, or two have the name.
        """
        if name.endswith((".yaml", ".yml")):
            return read(name, option=option), name
        files = self._files()
        if name not in files:
            message = unknown(self._kind, name, sorted(files))
            raise UserError(f"{option}: {message}; one of your own is a file that ends in .yaml")
        return files[name].read_bytes(), f"the {self._kind} {name}"

    def _files(self) -> dict[str, Traversable]:
        files = _by_name(self._folder)
        owners = dict.fromkeys(files, "redpajama-spark")
        for entry in entry_points.entry_points(self._group) if self._group else ():
            folder = resources.files(entry_points.resolve(entry, self._kind))
            for name, file in _by_name(folder).items():
                if name in files:
                    raise UserError(
                        f"two packages have a {self._kind} {name!r}, {owners[name]} and "
                        f"{entry_points.owner(entry)}: uninstall one"
                    )
                files[name], owners[name] = file, entry_points.owner(entry)
        return files


def _by_name(folder: Traversable) -> dict[str, Traversable]:
    """Return the .yaml files of a folder by their names without the ending."""
    files = [file for file in folder.iterdir() if file.name.endswith(".yaml")]
    return {file.name.removesuffix(".yaml"): file for file in files}


class _UniqueKeys(yaml.constructor.BaseConstructor):
    """Refuse a repeated key, of which YAML would silently take the last value."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        for key in keys:
            if keys.count(key) > 1:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key!r} is given twice", node.start_mark
                )
        return super().construct_mapping(node, deep=deep)


class Loader(_UniqueKeys, yaml.SafeLoader):
    """Load plain values, with YAML's types."""


class TextLoader(_UniqueKeys, yaml.BaseLoader):
    """Load all values as text: in YAML `no`, the code of Norwegian, is false."""


def parse(
    content: str | bytes, where: str, loader: type[Loader] | type[TextLoader] = Loader
) -> Any:
    """Return the values of a YAML document.

    Parameters
    ----------
    where
        Name of the document in errors.

    Raises
    ------
    UserError
        It is not YAML, or repeats a key.
    """
    try:
        return yaml.load(content, loader)
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise UserError(f"{where} is not YAML: {one_line(error)}") from error
