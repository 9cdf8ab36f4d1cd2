"""Options about personal data go together, and an old command line has the defaults of new ones."""

from __future__ import annotations

import shlex

import pytest
from command_lines import settings_of

from schemas.errors import UserError
from schemas.pii import DEFAULT_PII_KINDS
from schemas.settings.curate import CurateConfig


def settings(line: str) -> CurateConfig:
    _, config = settings_of(shlex.split(f"curate --root /r {line}"))
    assert isinstance(config, CurateConfig)
    return config


def test_an_old_command_line_replaces_the_same_kinds() -> None:
    config = settings("--pii common_crawl c4")
    assert (config.pii_kinds, config.pii_style) == (DEFAULT_PII_KINDS, "context")


def test_kinds_and_style_are_options() -> None:
    config = settings("--pii github --pii-kinds secrets emails --pii-style fineweb")
    assert (config.pii_kinds, config.pii_style) == (("secrets", "emails"), "fineweb")


@pytest.mark.parametrize("line", ["--pii-kinds secrets", "--pii-style fineweb"])
def test_they_are_refused_without_a_slice(line: str) -> None:
    with pytest.raises(UserError, match="name the slices by --pii") as raised:
        settings(line)
    assert line.split()[0] in str(raised.value)
    assert "\n" not in str(raised.value)
