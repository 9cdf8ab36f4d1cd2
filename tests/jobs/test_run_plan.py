"""What the sections of a file for `run` hand to each other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from jobs import run
from schemas.settings.run import RunConfig

SECTIONS = """
root: {root}
ingest: {{slice: c4, input: [{root}/*.json]}}
mix: {{tokens: 5}}
{more}
"""


def planned(folder: Path, more: str) -> dict[str, Any]:
    """Return the settings of each job."""
    file = folder / "run.yaml"
    file.write_text(SECTIONS.format(root=folder, more=more))
    return dict(run.plan(RunConfig(config=str(file)))[1])


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("", None),
        ("curate: {tokenizer: mine.json}", "mine.json"),
        ("curate: {tokenizer: mine.json}\nannotate: {ngram: 6}", "mine.json"),
        ("curate: {tokenizer: mine.json}\nannotate: {tokenizer: other.json}", "other.json"),
        ("annotate: {tokenizer: other.json}", "other.json"),
    ],
)
def test_annotate_counts_tokens_as_curate_does(
    more: str, expected: str | None, tmp_path: Path
) -> None:
    assert planned(tmp_path, more)["annotate"].tokenizer == expected


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("", False),
        ("dedup: {scheme: v2}", True),
        ("dedup: {scheme: fast}", False),
        ("dedup: {scheme: v2}\nannotate: {v2_minhash: false}", False),
        ("annotate: {v2_minhash: true}", True),
    ],
)
def test_annotate_stores_the_minhash_that_dedup_compares(
    more: str, expected: bool, tmp_path: Path
) -> None:
    assert planned(tmp_path, more)["annotate"].v2_minhash == expected


def test_passages_are_looked_for_behind_dedup_where_the_file_says_so(tmp_path: Path) -> None:
    assert "passages" not in planned(tmp_path, "")
    steps = planned(tmp_path, "passages: {}")
    assert [*steps][-4:] == ["dedup", "passages", "curate", "mix"]
    assert steps["passages"].min_tokens == 50
