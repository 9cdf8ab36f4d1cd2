"""Settings as frozen dataclasses: a field is at once an option of a command and a key of the YAML file."""

from __future__ import annotations

import argparse
import dataclasses
import re
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeVar

from schemas.errors import UserError
from schemas.names import check_names

C = TypeVar("C")

REQUIRED: Any = dataclasses.MISSING

_WORDS = {str: "text", int: "a whole number", float: "a number", bool: "true or false"}
_COUNT = re.compile(
    r"([0-9][0-9_]{0,29})(?:\.([0-9]{1,30}))?(?:e\+?([0-9]{1,2}))? ?([kmbt]?)", re.I
)
_TIMES = {"": 1, "k": 10**3, "m": 10**6, "b": 10**9, "t": 10**12}


def option(
    default: Any,
    help: str,
    *,
    metavar: str | None = None,
    choices: Sequence[str] = (),
    positional: bool = False,
    at_least: float | None = None,
    read: Callable[[Any], Any] | None = None,
) -> Any:
    """A field of a config dataclass, with what `--help` says of it.

    Parameters
    ----------
    default
        `REQUIRED` where the user must say.
    choices
        The words that are allowed, where the field's type is not a `Literal` that says so.
    positional
        On the command line without `--name`.
    at_least
        The smallest number that makes sense.
    read
        Makes the field's value of what the user wrote, as `token_count` does; raises ValueError with what
        it expected.
    """
    extra = {
        "help": help,
        "metavar": metavar,
        "choices": tuple(choices),
        "positional": positional,
        "at_least": at_least,
        "read": read,
    }
    return dataclasses.field(default=default, metadata=extra, kw_only=True)


def token_count(said: Any) -> int:
    """A number of tokens as people write it: `1000`, `2k`, `500M`, `1B`, `1.5T`, `1_000_000`, `1e9`.

    Raises
    ------
    ValueError
        It is none, not whole, or beyond all texts.

    Examples
    --------
    >>> token_count("1.5T")
    1500000000000
    """
    found = _COUNT.fullmatch(str(said))
    if found is None:
        raise ValueError("a number of tokens such as 1000, 2k, 500M, 1B or 1.5T")
    whole, decimals, power, unit = found.groups()
    number = Fraction(f"{whole.replace('_', '')}.{decimals or 0}") * 10 ** int(power or 0)
    number *= _TIMES[unit.lower()]
    if number.denominator != 1:
        raise ValueError("a whole number of tokens")
    if number > 10**18:  # what 64 bits can add up
        raise ValueError("at most 1000000T tokens")
    return int(number)


@dataclass(frozen=True)
class _Option:
    """A field, with its type taken apart: `tuple[str, ...] | None` is many values of kind `str`."""

    name: str
    default: Any
    kind: type
    many: bool
    choices: tuple[Any, ...]
    extra: Mapping[str, Any]

    @property
    def required(self) -> bool:
        return self.default is dataclasses.MISSING

    @property
    def flag(self) -> str:
        # a name that Python has for itself, as `from`, is a field with an underscore behind it
        return "--" + self.name.rstrip("_").replace("_", "-")

    def from_text(self, text: str) -> Any:
        """The value that a command line says; text that is none is refused by `checked`."""
        try:
            return text if self.extra["read"] else self.kind(text)
        except ValueError:
            return text

    def checked(self, name: str, value: Any) -> Any:
        """The value as the field has it; `name` is what an error calls it."""
        if value is None and self.default is None:
            return None
        if not self.many:
            return self._one(name, value)
        values = [value] if isinstance(value, str | int | float) else value
        if not isinstance(values, Sequence):
            raise UserError(f"{name}: expected a list, found {value!r}")
        return tuple(self._one(name, each) for each in values)

    def _one(self, name: str, value: Any) -> Any:
        if self.extra["read"]:
            try:
                value = self.extra["read"](value)
            except ValueError as error:
                raise UserError(f"{name}: expected {error}, found {value!r}") from error
        if self.kind is float and isinstance(value, int) and not isinstance(value, bool):
            value = float(value)
        # to Python, True is an int
        right = isinstance(value, self.kind) and isinstance(value, bool) == (self.kind is bool)
        if not right or value != value:  # a NaN
            raise UserError(f"{name}: expected {_WORDS[self.kind]}, found {value!r}")
        if self.choices:
            check_names(name, "value", [value], self.choices)
        at_least = self.extra["at_least"]
        if at_least is not None and value < at_least:
            raise UserError(f"{name}: must be at least {at_least}, found {value}")
        return value


def _options(config: type[Any]) -> list[_Option]:
    hints = typing.get_type_hints(config)
    found = []
    for field in dataclasses.fields(config):
        kind, many = hints[field.name], False
        if typing.get_origin(kind) in (typing.Union, types.UnionType):
            kind = next(each for each in typing.get_args(kind) if each is not type(None))
        if typing.get_origin(kind) is tuple:
            kind, many = typing.get_args(kind)[0], True
        choices = field.metadata["choices"]
        if typing.get_origin(kind) is typing.Literal:
            choices = typing.get_args(kind)
            kind = type(choices[0])
        found.append(_Option(field.name, field.default, kind, many, choices, field.metadata))
    return found


def add_arguments(parser: argparse.ArgumentParser, config: type[Any]) -> None:
    """Give the parser an option for each field."""
    for option_ in _options(config):
        settings: dict[str, Any] = {"help": option_.extra["help"].replace("%", "%%")}
        if option_.choices:
            settings["choices"] = option_.choices
        if option_.extra["metavar"]:
            settings["metavar"] = option_.extra["metavar"]
        if not option_.required and option_.default not in (None, False, ()):
            default = option_.default
            shown = " ".join(map(str, default)) if option_.many else default
            settings["help"] += f" (default: {shown})"
        if option_.extra["positional"]:
            if option_.many:
                settings["nargs"] = "+"
            parser.add_argument(option_.name, **settings)
            continue
        if option_.kind is bool:
            by_default = argparse.BooleanOptionalAction if option_.default else "store_true"
            settings["action"] = by_default
        else:
            settings["type"] = option_.from_text
            if option_.many:
                settings["nargs"] = "+"
                settings["action"] = "extend"  # given twice, both count
        # no default: only what the user said is in the namespace
        settings["default"] = argparse.SUPPRESS
        settings["dest"] = option_.name
        parser.add_argument(option_.flag, required=option_.required, **settings)


def from_arguments(config: type[C], arguments: argparse.Namespace) -> C:
    """The config that the command line says."""
    options = {each.name: each.flag for each in _options(config)}
    said = {name: value for name, value in vars(arguments).items() if name in options}
    return from_mapping(config, said, where="", named=options.__getitem__)


def from_mapping(
    config: type[C], said: Mapping[str, Any], *, where: str, named: Callable[[str], str] = str
) -> C:
    """The config that a mapping says, every key and value checked.

    Parameters
    ----------
    where
        What to call the mapping in an error: the file and the section.
    named
        What to call a key in an error.

    Raises
    ------
    UserError
        A key that is not there, named with the nearest right one; a value of the wrong type; a key
        that is missing.
    """
    options = {each.name: each for each in _options(config)}
    prefix = f"{where}: " if where else ""
    check_names(where, "key", said, list(options))
    values: dict[str, Any] = {}
    for key, value in said.items():
        values[key] = options[key].checked(prefix + named(key), value)
    for name, each in options.items():
        if each.required and name not in values:
            raise UserError(f"{prefix}{named(name)} is missing: {each.extra['help']}")
    try:
        return config(**values)
    except UserError as error:  # settings that do not go together
        raise UserError(f"{prefix}{error}") from error


def to_dict(config: Any, *, without: Sequence[str] = ()) -> dict[str, Any]:
    """The settings as JSON has them."""
    content = dataclasses.asdict(config)
    return {
        key: list(value) if isinstance(value, tuple) else value
        for key, value in content.items()
        if key not in without
    }
