"""Tests of deploy/README.md and of all files of deploy/."""

from __future__ import annotations

import re

import pytest
from deploy_files import DEPLOY, PROJECT, setup_cfg

FILES = sorted(
    path
    for path in DEPLOY.rglob("*")
    if path.is_file() and "__pycache__" not in path.parts and "dist" not in path.parts
)


def test_the_page_lists_exactly_the_parts_of_the_folder() -> None:
    text = (DEPLOY / "README.md").read_text(encoding="utf-8")
    listed = re.findall(r"(?m)^\| `([\w.-]+)/?` \|", text)
    assert set(listed) == {path.name for path in DEPLOY.iterdir() if path.name != "README.md"}
    for path in re.findall(r"(?:deploy|jobs)/[\w./-]*\w", text):
        assert (PROJECT / path).exists(), path


def test_the_version_is_the_projects_wherever_it_is_written() -> None:
    version = setup_cfg()["metadata"]["version"]
    pattern = re.compile(r"redpajama[-_]spark[:-](\d[\w.]*?)(?=[-\s`\"]|$)")
    texts = [path.read_text(encoding="utf-8") for path in FILES]
    assert {match for text in texts for match in pattern.findall(text)} == {version}


@pytest.mark.parametrize(
    "secret",
    [
        r"AKIA[0-9A-Z]{16}",
        r"(?i)secret_?access_?key\s*[:=]",
        r"dapi[0-9a-f]{32}",
        r"(?i)password\s*[:=]",
    ],
    ids=["AWS key", "AWS secret", "Databricks token", "password"],
)
def test_no_secrets(secret: str) -> None:
    files = [path for path in FILES if re.search(secret, path.read_text(encoding="utf-8"))]
    assert files == []


@pytest.mark.parametrize("page", ["README.md", "docs/deploy.md", "deploy/README.md"])
def test_no_page_says_that_one_wheel_is_for_all_places(page: str) -> None:
    # the wheel for Databricks has other metadata
    text = " ".join((PROJECT / page).read_text(encoding="utf-8").split())
    assert "same wheel" not in text
    if page != "README.md":
        assert "python3 deploy/databricks/build_wheel.py dist" in text
