"""Command lines and YAML files that version 0.1 documented are accepted, with or without a warning."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from command_lines import parser, settings_of

from jobs import run
from jobs.steps.curate import filters
from jobs.steps.mix import recipe_file
from schemas.settings.commands import JOBS
from schemas.settings.run import RunConfig

DATA = Path(__file__).parents[1] / "data" / "commands-0.1"
LINES = [
    line
    for line in (DATA / "commands.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


CHAT = ("alpaca", "dolly", "hh_rlhf", "longform", "oasst", "oig", "openai_messages", "sharegpt")
SINCE = {"check", "compare", "estimate", "explore", "passages"} | {
    f"ingest {slice_}" for slice_ in (*CHAT, "megatron", "pile")
}
"""Jobs that version 0.1 did not have."""


@pytest.mark.parametrize("line", LINES)
def test_a_command_line(line: str) -> None:
    program, *words = shlex.split(line)
    assert program == "redpajama"
    if words[-1] == "--help":
        with pytest.raises(SystemExit) as stopped:
            parser().parse_args(words)
        assert stopped.value.code == 0
    else:
        job, settings = settings_of(words)
        assert line.startswith(f"redpajama {job}")
        assert isinstance(settings, JOBS[job])


def test_every_job_has_a_line() -> None:
    for job in {*JOBS} - SINCE:
        assert any(line.startswith(f"redpajama {job}") for line in LINES), job


def test_the_file_of_a_run() -> None:
    root, steps = run.plan(RunConfig(config=str(DATA / "run.yaml")))
    assert root == "/data/corpus"
    assert [job for job, _ in steps] == [
        *("ingest", "ingest", "ingest", "ingest", "paragraphs", "annotate", "dedup"),
        *("decontaminate", "curate", "mix"),
    ]


def test_a_file_of_filters() -> None:
    rules = filters.load([str(DATA / "filters.yaml")])
    assert {"word-count", "shouting"} <= {rule.name.rpartition("/")[2] for rule in rules}


def test_a_recipe() -> None:
    file = DATA / "recipe.yaml"
    recipe = recipe_file.parse(file.read_bytes(), str(file))
    assert {"c4", "common_crawl/head", "wikipedia/en"} <= set(recipe.strata)
