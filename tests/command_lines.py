"""The project's own parser of command lines, for the tests of what is written in files."""

from __future__ import annotations

import argparse
import functools
from typing import Any

from jobs import cli
from schemas.settings.arguments import from_arguments
from schemas.settings.commands import JOBS


@functools.cache
def parser() -> argparse.ArgumentParser:
    """Return the parser of `redpajama`."""
    return cli._parser()


def settings_of(words: list[str]) -> tuple[str, Any]:
    """Return the job and the settings of `redpajama WORDS`; a wrong option ends the test."""
    parsed = parser().parse_args(words)
    return parsed.job, from_arguments(JOBS[parsed.job], parsed)


@functools.cache
def options() -> dict[str, set[str]]:
    """Return the options of each job, and of each group of jobs those of all its jobs."""
    by_job: dict[str, set[str]] = {}
    for job in JOBS:
        actions = _of(job)._actions
        flags = {flag for action in actions for flag in action.option_strings}
        for name in (job, job.partition(" ")[0]):
            by_job.setdefault(name, set()).update(flags)
    return by_job


def _of(job: str) -> argparse.ArgumentParser:
    found = parser()
    for word in job.split():
        (choices,) = (
            action.choices
            for action in found._actions
            if isinstance(action, argparse._SubParsersAction)
        )
        found = choices[word]
    return found
