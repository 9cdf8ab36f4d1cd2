"""Read settings classes from the command line."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any, TypeVar

from schemas.settings.mapping import Field, fields_of, from_mapping

C = TypeVar("C")


def add_arguments(parser: argparse.ArgumentParser, settings: type[Any]) -> None:
    """Add an option to the parser for each field of a settings class."""
    for field in fields_of(settings):
        arguments: dict[str, Any] = {}
        if field.choices:
            arguments["choices"] = field.choices
        if field.metadata["metavar"]:
            arguments["metavar"] = field.metadata["metavar"]
        if field.container:
            arguments["nargs"] = "+"
        if field.metadata["positional"]:
            if field.container and not field.required:
                arguments |= {"nargs": "*", "default": argparse.SUPPRESS}
            parser.add_argument(field.name, help=_help(field), **arguments)
            continue
        # without a default: the namespace holds only what the user wrote
        arguments |= {"dest": field.name, "default": argparse.SUPPRESS}
        if field.kind is bool:
            # with a form `--no-NAME` where the option is on, or was on in an earlier version
            was_on = field.default or field.metadata["covered_by"]
            arguments["action"] = argparse.BooleanOptionalAction if was_on else "store_true"
        else:
            arguments["type"] = _converter(field)
            if field.container:
                arguments["action"] = "extend"  # both count where an option is given twice
        flag = _flag(field.name)
        parser.add_argument(flag, help=_help(field), required=field.required, **arguments)
        renamed = field.metadata["renamed"]
        if renamed is not None:
            parser.add_argument(
                _flag(renamed.name),
                dest=renamed.name,
                default=argparse.SUPPRESS,
                help=argparse.SUPPRESS,
                choices=(*renamed.values, *field.choices),
            )


def from_arguments(settings: type[C], arguments: argparse.Namespace) -> C:
    """Return a settings class filled from a parsed command line.

    Raises
    ------
    UserError
        As `schemas.settings.mapping.from_mapping`.
    """
    names = set()
    for field in fields_of(settings):
        names.add(field.name)
        if field.metadata["renamed"] is not None:
            names.add(field.metadata["renamed"].name)
    values = {name: value for name, value in vars(arguments).items() if name in names}
    return from_mapping(settings, values, where="", spelled=_flag)


def _flag(name: str) -> str:
    # a field whose name is a keyword of Python ends with an underscore: `from_`
    return "--" + name.rstrip("_").replace("_", "-")


def _help(field: Field) -> str:
    text: str = field.metadata["help"]
    default = field.default
    if not field.required and default is not None and default is not False and default != ():
        values = default if field.container else [default]
        shown = " ".join(map(_shown, values))
        # one pair of brackets: `(GPT-3: 10; default: 0)`
        text = (
            f"{text[:-1]}; default: {shown})"
            if text.endswith(")")
            else f"{text} (default: {shown})"
        )
    return text.replace("%", "%%")


def _shown(value: Any) -> str:
    """Return a value as the command line takes it, large numbers with `_` between thousands."""
    large = isinstance(value, int) and value >= 10_000
    return f"{value:_}" if large else str(value)


def _converter(field: Field) -> Callable[[str], Any]:
    """Return what converts a word of the command line; what it cannot, `Field.read` refuses."""

    def convert(text: str) -> Any:
        try:
            return text if field.metadata["read"] else field.kind(text)
        except ValueError:
            return text

    return convert
