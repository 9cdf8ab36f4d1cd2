"""Settings from the command line and from YAML, and the errors of wrong ones."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from typing import Any, Literal

import pytest

from schemas.errors import UserError
from schemas.names import unknown
from schemas.settings.arguments import add_arguments, from_arguments
from schemas.settings.ingest import CommonCrawlConfig
from schemas.settings.mapping import from_mapping
from schemas.settings.options import REQUIRED, Renamed, option
from schemas.settings.stored import differing, from_stored, to_dict
from schemas.settings.values import positive_int, token_count


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
    tokens: int | None = option(None, "size", at_least=1, read=token_count)


@dataclass(frozen=True)
class LaterSettings(Settings):
    """Settings of a later release: an option is new, one has another name."""

    style: Literal["new", "old"] = option("new", "what runs do", unrecorded="old")
    group: int = option(9, "inputs together", of_inputs=True)
    fast: Literal["yes", "no"] = option(
        "yes", "how", renamed=Renamed("quick", {"on": "yes", "off": "no"})
    )


@dataclass(frozen=True)
class Part:
    """Nested settings."""

    share: float = option(REQUIRED, "a share", at_least=0.0, bare=True)
    by: Literal["bucket", "language"] | None = option(None, "the column")
    tags: tuple[str, ...] | None = option(None, "tags", only_list=True)

    def __post_init__(self) -> None:
        if self.by and not self.tags:
            raise UserError("`by:` and `tags:` go together")


@dataclass(frozen=True)
class Whole:
    """Settings with a mapping of nested ones, and a mapping of numbers."""

    parts: dict[str, Part] = option(
        REQUIRED, "a share for each part", metavar="PART", choices=("head", "tail"), at_least=1
    )
    counts: dict[int, int] | None = option(None, "counts, as 2: 3", read=positive_int)


def parse(*arguments: str) -> Settings:
    parser = argparse.ArgumentParser()
    add_arguments(parser, Settings)
    return from_arguments(Settings, parser.parse_args(arguments))


def test_command_line_and_mapping_agree() -> None:
    line = "--root r --kind wet --status 200 203 --share 1 --limit 2 --no-verify --replace"
    by_line = parse(*line.split())
    values = {
        "root": "r",
        "kind": "wet",
        "status": [200, 203],
        "share": 1,
        "limit": 2,
        "verify": False,
        "replace": True,
    }
    assert by_line == from_mapping(Settings, values, where="file")
    assert (by_line.status, by_line.share, by_line.limit) == ((200, 203), 1.0, 2)
    assert not by_line.verify
    assert by_line.replace


def test_defaults_hold_without_values() -> None:
    settings = parse("--root", "r")
    assert settings == Settings(root="r")
    assert to_dict(settings, without=["root"])["status"] == [200]


def test_an_option_that_was_not_recorded_has_the_value_of_that_time() -> None:
    stored = to_dict(Settings(root="r"))
    assert from_stored(LaterSettings, stored, where="") == LaterSettings(root="r", style="old")
    assert from_stored(LaterSettings, {**stored, "style": "new"}, where="").style == "new"


@pytest.mark.parametrize(
    ("stored", "now", "pairs"),
    [
        ({}, {"style": "old"}, {}),
        ({}, {}, {"style": ("old", "new")}),
        ({"style": "new"}, {"status": (404, 200)}, {"status": ([200], [404, 200])}),
        ({"style": "new", "limit": 5}, {}, {"limit": (5, None)}),
        ({"style": "new", "quick": "on", "group": 1}, {"group": 2}, {}),
        ({"style": "new", "quick": "off"}, {}, {"fast": ("off", "on")}),
        ({"style": "of a later release"}, {}, {"style": ("of a later release", "new")}),
    ],
)
def test_options_that_differ_from_stored_ones(
    stored: dict[str, Any], now: dict[str, Any], pairs: dict[str, Any]
) -> None:
    assert differing(LaterSettings(root="r", **now), stored) == pairs


def test_one_value_stands_for_a_list() -> None:
    assert from_mapping(Settings, {"root": "r", "status": 404}, where="").status == (404,)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"rot": "x"}, "f: no key 'rot' (did you mean 'root'?)"),
        ({"root": "x", "limit": "2"}, "f: limit: expected a whole number, found '2'"),
        ({"root": "x", "limit": True}, "f: limit: expected a whole number, found True"),
        ({"root": "x", "limit": 0}, "f: limit: must be at least 1, found 0"),
        ({"root": "x", "kind": "wat"}, "f: kind: no value 'wat' (did you mean 'wet'?)"),
        ({"root": "x", "share": float("nan")}, "f: share: expected a number, found nan"),
        (
            {"root": "x", "tokens": "1G"},
            "f: tokens: expected a number of tokens such as 1000, 2k, 500M, 1B or 1.5T, found '1G'",
        ),
        ({"root": "x", "tokens": "0k"}, "f: tokens: must be at least 1, found 0"),
        ({"root": "x", "verify": 1}, "f: verify: expected true or false, found 1"),
        ({"root": "x", "status": {"a": 1}}, "f: status: expected a list, found {'a': 1}"),
        ({}, "f: root is missing: where"),
    ],
)
def test_an_error_names_the_key_and_the_fix(values: dict[str, Any], message: str) -> None:
    with pytest.raises(UserError) as raised:
        from_mapping(Settings, values, where="f")
    assert str(raised.value) == message


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (
            {"extractor": "resiliparse", "markup": "markdown"},
            "f: --extractor resiliparse writes plain text: --markup markdown needs --extractor main or body",
        ),
        ({"extractor": "mian"}, "f: extractor: no value 'mian' (did you mean 'main'?)"),
        ({"markup": "html"}, "f: markup: no value 'html' (there are markdown, plain)"),
    ],
)
def test_extractors_and_markups_that_do_not_exist(values: dict[str, Any], message: str) -> None:
    with pytest.raises(UserError) as raised:
        from_mapping(CommonCrawlConfig, {"root": "r", **values}, where="f")
    assert str(raised.value) == message


def test_an_error_on_the_command_line_names_the_option() -> None:
    for line, message in {
        "--limit x": "--limit: expected a whole number, found 'x'",
        "--share much": "--share: expected a number, found 'much'",
        "--tokens 1kb": "--tokens: expected a number of tokens such as 1000, 2k, 500M, 1B or 1.5T, "
        "found '1kb'",
    }.items():
        with pytest.raises(UserError) as raised:
            parse("--root", "r", *line.split())
        assert str(raised.value) == message


@pytest.mark.parametrize(
    ("value", "tokens"),
    [
        (1000, 1000),
        ("2k", 2000),
        ("500M", 500_000_000),
        ("1b", 10**9),
        ("1.5T", 1_500_000_000_000),
        ("1_000_000", 1_000_000),
        ("1.000000000001T", 1_000_000_000_001),  # exactly: no float in between
        ("1e9", 10**9),
        (1e9, 10**9),  # YAML's 1.0e+9
        ("2 k", 2000),
    ],
)
def test_numbers_of_tokens_are_exact(value: Any, tokens: int) -> None:
    assert from_mapping(Settings, {"root": "r", "tokens": value}, where="").tokens == tokens
    assert parse("--root", "r", "--tokens", str(value)).tokens == tokens


@pytest.mark.parametrize(
    "value", ["", "-5", "1.5", "1.0005k", "1kb", "k", "1..2", "1e99T", "\u0663", True, None, "nan"]
)
def test_other_numbers_of_tokens_are_refused(value: Any) -> None:
    with pytest.raises(ValueError, match="tokens"):
        token_count(value)


def test_an_error_lists_all_names_if_none_is_close() -> None:
    assert unknown("table", "zzz", ["b", "a"]) == "no table 'zzz' (there are a, b)"


def test_nested_settings_are_read_from_nested_mappings() -> None:
    parts = {"head": 2, "tail": {"share": 1, "by": "language", "tags": ["a"]}}
    assert from_mapping(Whole, {"parts": parts, "counts": {"2": 3}}, where="f") == Whole(
        parts={"head": Part(share=2.0), "tail": Part(share=1.0, by="language", tags=("a",))},
        counts={2: 3},
    )


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (["head"], "f: expected the keys parts, counts, found ['head']"),
        ({"parts": 1}, "f: parts: expected a share for each part, found 1"),
        ({"parts": {}}, "f: parts: expected a share for each part, found none"),
        ({"parts": {"haed": 1}}, "f: parts: no part 'haed' (did you mean 'head'?)"),
        ({"parts": {"head": "x"}}, "f: parts: head: share: expected a number, found 'x'"),
        ({"parts": {"head": -1}}, "f: parts: head: share: must be at least 0.0, found -1.0"),
        ({"parts": {"head": {"shar": 1}}}, "f: parts: head: no key 'shar' (did you mean 'share'?)"),
        ({"parts": {"head": {}}}, "f: parts: head: share is missing: a share"),
        (
            {"parts": {"head": {"share": 1, "by": "bucket"}}},
            "f: parts: head: `by:` and `tags:` go together",
        ),
        (
            {"parts": {"head": {"share": 1, "tags": "a"}}},
            "f: parts: head: tags: expected a list, found 'a'",
        ),
        (
            {"parts": {"head": 1}, "counts": {"x": 1}},
            "f: counts: expected a whole number from 1 to 1000000, found 'x'",
        ),
    ],
)
def test_an_error_in_nested_settings_names_the_whole_path(values: Any, message: str) -> None:
    with pytest.raises(UserError) as raised:
        from_mapping(Whole, values, where="f")
    assert str(raised.value) == message
