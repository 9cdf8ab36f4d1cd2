"""Declare settings: a field of a frozen dataclass is an option, a key of a YAML file and a stored value.

`schemas.settings.mapping` reads such a class from YAML, `schemas.settings.arguments` from the command line.

Examples
--------
>>> from dataclasses import dataclass
>>> from schemas.settings.mapping import from_mapping
>>> @dataclass(frozen=True)
... class Sampling:
...     root: str = option(REQUIRED, "folder of the tables")
...     max_epochs: float = option(4.0, "epochs of a slice, at most", at_least=0.001)
>>> from_mapping(Sampling, {"root": "/data", "max_epochs": 2}, where="run.yaml")
Sampling(root='/data', max_epochs=2.0)
>>> from_mapping(Sampling, {"root": "/data", "max_epoch": 2}, where="run.yaml")
Traceback (most recent call last):
schemas.errors.UserError: run.yaml: no key 'max_epoch' (did you mean 'max_epochs'?)
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

REQUIRED: Any = dataclasses.MISSING


@dataclass(frozen=True)
class Renamed:
    """The former name of an option, which users may still write and which records keep.

    Run records and the digests that decide whether a table is current hold the former name and values,
    so that a root of an earlier release stays current.

    Attributes
    ----------
    name
        The former name of the field.
    values
        Former value -> value; a value that is not here never had another name.
    """

    name: str
    values: Mapping[str, str] = field(default_factory=dict)


def option(
    default: Any,
    help: str,
    *,
    metavar: str | None = None,
    choices: Sequence[str] = (),
    positional: bool = False,
    at_least: float | None = None,
    read: Callable[[Any], Any] | None = None,
    bare: bool = False,
    only_list: bool = False,
    renamed: Renamed | None = None,
    unrecorded: Any = None,
    covered_by: Any = None,
    depends_on: str | None = None,
    of_inputs: bool = False,
) -> Any:
    """Return a field of a settings class.

    The field's type may be `str`, `int`, `float`, `bool`, a `Literal`, another settings class, a tuple
    or a `dict` of these, and each of them or None.

    Parameters
    ----------
    default
        `REQUIRED` where the user must give a value.
    help
        Description in `--help`, and of the expected value in errors.
    metavar
        The name of a value in `--help`; in lower case also in errors about `choices`.
    choices
        The values that are allowed, of a mapping the keys; not needed for a `Literal`.
    positional
        Whether the command line takes it without `--name`.
    at_least
        The smallest number that is allowed; of a mapping, the smallest number of keys.
    read
        Convert a value, or a key that is not text; raise ValueError with what it expects, or UserError.
    bare
        Whether a value without keys, in place of a mapping, is that of this field.
    only_list
        Whether a list must be written as one; else one value stands for a list of one.
    renamed
        The former name and values.
    unrecorded
        What runs did whose records are older than the option, if that is not the default.
    covered_by
        The value with which a run makes more than with the default: its tables stay current.
    depends_on
        The option without which this one changes nothing; records have it only beside that one.
    of_inputs
        Whether it changes no document: it only says which inputs are read, and how many together.
    """
    metadata = {
        **{"help": help, "metavar": metavar, "choices": tuple(choices), "positional": positional},
        **{"at_least": at_least, "read": read, "bare": bare, "only_list": only_list},
        **{"renamed": renamed, "unrecorded": unrecorded, "covered_by": covered_by},
        **{"depends_on": depends_on, "of_inputs": of_inputs},
    }
    return dataclasses.field(default=default, metadata=metadata, kw_only=True)
