"""Read settings classes from mappings, as YAML gives them."""

from __future__ import annotations

import dataclasses
import sys
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from schemas.errors import UserError
from schemas.names import check_names

C = TypeVar("C")

_EXPECTED = {str: "text", int: "a whole number", float: "a number", bool: "true or false"}


@dataclass(frozen=True)
class Field:
    """A field of a settings class, with its type taken apart.

    Attributes
    ----------
    kind
        The type of a value: `str` for `str`, `tuple[str, ...] | None` and `dict[int, str]`.
    optional
        Whether the type allows None.
    container
        `tuple` or `dict` where there are many values; else None.
    key
        The type of a `dict`'s keys.
    metadata
        The arguments of `schemas.settings.options.option`.
    """

    name: str
    default: Any
    kind: type[Any]
    optional: bool
    container: type[Any] | None
    key: type[Any]
    choices: tuple[Any, ...]
    metadata: Mapping[str, Any]

    @property
    def required(self) -> bool:
        """Return whether the user must give a value."""
        return self.default is dataclasses.MISSING

    @property
    def noun(self) -> str:
        """The word for one of `choices` in error messages."""
        return (self.metadata["metavar"] or "value").lower()

    def read(self, name: str, value: Any) -> Any:
        """Return the value as the settings class holds it.

        Parameters
        ----------
        name
            Name of the field in errors.

        Raises
        ------
        UserError
            The value is not of the field's type, or out of bounds.
        """
        if value is None and self.optional:
            return None
        if self.container is dict:
            return self._mapping(name, value)
        if self.container is None:
            return self._value(name, value, self.kind)
        one = isinstance(value, str | int | float) and not self.metadata["only_list"]
        values = [value] if one else value
        if not isinstance(values, Sequence) or isinstance(values, str):
            raise UserError(f"{name}: expected a list, found {value!r}")
        return tuple(self._value(name, item, self.kind) for item in values)

    def _mapping(self, name: str, values: Any) -> dict[Any, Any]:
        if not isinstance(values, Mapping):
            raise UserError(f"{name}: expected {self.metadata['help']}, found {values!r}")
        if len(values) < (self.metadata["at_least"] or 0):
            raise UserError(f"{name}: expected {self.metadata['help']}, found none")
        if self.choices:
            check_names(name, self.noun, values, self.choices)
        return {
            self._key(name, key): self._value(f"{name}: {key}", value, self.kind)
            for key, value in values.items()
        }

    def _key(self, name: str, key: Any) -> Any:
        if self.key is not str:
            return self._value(name, key, self.key)
        if not isinstance(key, str):
            raise UserError(f"{name}: expected text as keys, found {key!r}")
        return key

    def _value(self, name: str, value: Any, kind: type[Any]) -> Any:
        if dataclasses.is_dataclass(kind):
            return from_mapping(kind, value, where=name)
        if self.metadata["read"]:
            try:
                value = self.metadata["read"](value)
            except ValueError as error:
                raise UserError(f"{name}: expected {error}, found {value!r}") from error
            except UserError as error:
                raise UserError(f"{name}: {error}") from error
        if kind is float and isinstance(value, int) and not isinstance(value, bool):
            value = float(value)
        # to Python, True is an int
        right = isinstance(value, kind) and isinstance(value, bool) == (kind is bool)
        if not right or value != value:  # a NaN
            raise UserError(f"{name}: expected {_EXPECTED[kind]}, found {value!r}")
        if self.container is not dict:
            self._check_bounds(name, value)
        return value

    def _check_bounds(self, name: str, value: Any) -> None:
        if self.choices:
            check_names(name, self.noun, [value], self.choices)
        at_least = self.metadata["at_least"]
        if at_least is not None and value < at_least:
            raise UserError(f"{name}: must be at least {at_least}, found {value}")


def fields_of(settings: type[Any]) -> list[Field]:
    """Return the fields of a settings class."""
    hints = typing.get_type_hints(settings)
    return [_field(field, hints[field.name]) for field in dataclasses.fields(settings)]


def _field(field: dataclasses.Field[Any], kind: Any) -> Field:
    container: type[Any] | None = None
    key = str
    choices = field.metadata["choices"]
    optional = typing.get_origin(kind) in (typing.Union, types.UnionType)
    if optional:
        kind = next(type_ for type_ in typing.get_args(kind) if type_ is not type(None))
    if typing.get_origin(kind) is tuple:
        container, kind = tuple, typing.get_args(kind)[0]
    elif typing.get_origin(kind) is dict:
        container = dict
        key, kind = typing.get_args(kind)
    if typing.get_origin(kind) is typing.Literal:
        choices = typing.get_args(kind)
        kind = type(choices[0])
    return Field(field.name, field.default, kind, optional, container, key, choices, field.metadata)


def from_mapping(
    settings: type[C], values: Any, *, where: str, spelled: Callable[[str], str] = str
) -> C:
    """Return a settings class filled from a mapping, with every key and value checked.

    Parameters
    ----------
    where
        Name of the mapping in errors: the file and the section.
    spelled
        How the user writes a field's name: on the command line `--max-epochs` for `max_epochs`.

    Raises
    ------
    UserError
        A key does not exist (the error names the nearest that does) or is missing, a value is of the
        wrong type or out of bounds, or values exclude each other.
    """
    fields = {field.name: field for field in fields_of(settings)}
    prefix = f"{where}: " if where else ""
    if not isinstance(values, Mapping):
        bare = [name for name, field in fields.items() if field.metadata["bare"]]
        if not bare:
            raise UserError(f"{prefix}expected the keys {', '.join(fields)}, found {values!r}")
        values = {bare[0]: values}
    current = by_current_names(settings, values)
    check_names(where, "key", current, list(fields))
    read = {name: fields[name].read(prefix + spelled(name), current[name]) for name in current}
    for name, field in fields.items():
        if field.required and name not in read:
            raise UserError(f"{prefix}{spelled(name)} is missing: {field.metadata['help']}")
    _warn_of_former_names(fields, values, current, prefix, spelled)
    try:
        return settings(**read)
    except UserError as error:  # values that exclude each other
        raise UserError(f"{prefix}{error}") from error


def by_current_names(settings: type[Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values with former names of options, and former values, replaced by those of today."""
    current = dict(values)
    for field in fields_of(settings):
        renamed = field.metadata["renamed"]
        if renamed is None:
            continue
        if renamed.name in current and field.name not in current:
            current[field.name] = current.pop(renamed.name)
        value = current.get(field.name)
        if isinstance(value, str):
            current[field.name] = renamed.values.get(value, value)
    return current


def _warn_of_former_names(
    fields: Mapping[str, Field],
    values: Mapping[str, Any],
    current: Mapping[str, Any],
    prefix: str,
    spelled: Callable[[str], str],
) -> None:
    for name, field in fields.items():
        renamed = field.metadata["renamed"]
        if renamed is None or name not in current:
            continue
        former = name if name in values else renamed.name
        if former != name or values[name] != current[name]:
            old, new = f"{spelled(former)} {values[former]}", f"{spelled(name)} {current[name]}"
            print(f"warning: {prefix}{old} is now {new}", file=sys.stderr)
