"""Settings from the command line and from YAML, and what a mistake is told."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from typing import Any, Literal

import pytest

from schemas.errors import UserError
from schemas.options import (
    REQUIRED,
    add_arguments,
    from_arguments,
    from_mapping,
    option,
    to_dict,
    unknown,
)


@dataclass(frozen=True)
class Settings:
    """Settings of a test."""

    root: str = option(REQUIRED, "where", metavar="URI")
    kind: Literal["warc", "wet"] = option("warc", "which")
    status: tuple[int, ...] = option((200,), "kept")
    share: float = option(0.5, "share", at_least=0.0)
    limit: int | None = option(None, "at most", at_least=1)
    verify: bool = option(True, "check")
    replace: bool = option(False, "drop")


def parse(*arguments: str) -> Settings:
    parser = argparse.ArgumentParser()
    add_arguments(parser, Settings)
    return from_arguments(Settings, parser.parse_args(arguments))


def test_command_line_and_mapping_agree() -> None:
    line = "--root r --kind wet --status 200 203 --share 1 --limit 2 --no-verify --replace"
    by_line = parse(*line.split())
    said = {
        "root": "r",
        "kind": "wet",
        "status": [200, 203],
        "share": 1,
        "limit": 2,
        "verify": False,
        "replace": True,
    }
    assert by_line == from_mapping(Settings, said, where="file")
    assert (by_line.status, by_line.share, by_line.limit) == ((200, 203), 1.0, 2)
    assert not by_line.verify
    assert by_line.replace


def test_defaults_hold_where_nothing_is_said() -> None:
    settings = parse("--root", "r")
    assert settings == Settings(root="r")
    assert to_dict(settings, without=["root"])["status"] == [200]


def test_one_value_does_for_a_list() -> None:
    assert from_mapping(Settings, {"root": "r", "status": 404}, where="").status == (404,)


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"rot": "x"}, "f: no key 'rot' (did you mean 'root'?)"),
        ({"root": "x", "limit": "2"}, "f: limit: expected a whole number, found '2'"),
        ({"root": "x", "limit": True}, "f: limit: expected a whole number, found True"),
        ({"root": "x", "limit": 0}, "f: limit: must be at least 1, found 0"),
        ({"root": "x", "kind": "wat"}, "f: kind: no value 'wat' (did you mean 'wet'?)"),
        ({"root": "x", "verify": 1}, "f: verify: expected true or false, found 1"),
        ({"root": "x", "status": {"a": 1}}, "f: status: expected a list, found {'a': 1}"),
        ({}, "f: root is missing: where"),
    ],
)
def test_a_mistake_is_named_with_its_mend(said: dict[str, Any], message: str) -> None:
    with pytest.raises(UserError) as raised:
        from_mapping(Settings, said, where="f")
    assert str(raised.value) == message


def test_what_is_far_from_all_is_told_all() -> None:
    assert unknown("table", "zzz", ["b", "a"]) == "no table 'zzz' (there are a, b)"
