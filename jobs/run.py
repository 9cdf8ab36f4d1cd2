"""Run the whole pipeline, by one YAML file or on the embedded sample."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jobs import cli
from jobs.runtime import yaml_file
from jobs.runtime.context import Context
from jobs.steps.estimate import measure, stored
from jobs.steps.estimate.stored import spoken
from jobs.steps.mix import recipe_file
from jobs.steps.mix.recipe import UNKNOWN
from jobs.steps.report import run_summary
from jobs.tables import manifest
from jobs.tables.runs import Record
from schemas.errors import UserError
from schemas.names import check_names
from schemas.settings.commands import JOBS
from schemas.settings.common import BUCKETS
from schemas.settings.mapping import from_mapping
from schemas.settings.mix import MixConfig
from schemas.settings.run import RunConfig
from schemas.settings.slices import ingest_config

STAGES = (
    *("ingest", "paragraphs", "annotate", "dedup"),
    *("passages", "decontaminate", "curate", "mix"),
)
"""The jobs of the pipeline in their order; `ingest` runs once for each slice."""

NEEDED = ("ingest", "mix")
"""Stages that the file must have a section for."""

OPTIONAL = ("passages", "decontaminate")
"""Stages that run only where the file has a section for them."""

READ_ONLY = ("explain", "dry_run")
"""Settings that make a job change nothing, so that the next stage has nothing to read."""

SAMPLE_TOKENS = 500_000

Step = tuple[str, Any]
"""A job and its settings."""


def run(context: Context, settings: RunConfig) -> list[Record]:
    """Run every stage and print the rows in and out of each."""
    root, steps = plan(settings)
    input_bytes = check(root, steps, settings.config or "the embedded sample")
    context = context.at(root)
    context.input_bytes = input_bytes
    records = []
    time_left = stored.TimeLeft(stored.hours(root), measure.stages(steps))
    for number, (job, step) in enumerate(steps, 1):
        left = time_left.seconds(number - 1)
        context.event("step", job=job, number=number, of=len(steps), seconds_left=left)
        if left is not None and not context.json:
            context.print(f"run: step {number} of {len(steps)}, {job}: about {spoken(left)} left")
        records += cli.records(cli.run(job, step, context))
    if not context.json:
        for line in ("", *run_summary.lines(records), ""):
            context.print(line)
    for table in ("corpus", "mixture"):
        version = context.table(table).required()
        for folder in version.folders:
            context.print(f"{table:8} {context.table(table).uri(folder.path)}")
        context.print(f"{table:8} content hash {version.content_hash}")
    return records


def plan(settings: RunConfig) -> tuple[str, list[Step]]:
    """Return the root and the steps, with every name and value checked before anything starts.

    Raises
    ------
    UserError
        The file cannot be read, is not YAML, or has a section, key or value that does not exist.
    """
    if settings.config is None:
        file, sections = "the embedded sample", _sample(settings.root)
    else:
        file, sections = settings.config, _load(settings.config)
    root = settings.root or sections.get("root")
    if not isinstance(root, str):
        raise UserError(f"{file}: no root: give --root, or `root:` in the file")
    check_names(file, "section", sections, [*STAGES, "root"])
    sections = _with_wishes_of_later_steps(sections)
    steps: list[Step] = []
    for job in STAGES:
        if job in NEEDED and job not in sections:
            raise UserError(f"{file}: no section `{job}:`")
        if job in OPTIONAL and job not in sections:
            continue
        section = sections.get(job)
        for values in section if isinstance(section, list) else [section or {}]:
            where = f"{file}, {job}"
            if not isinstance(values, Mapping):
                raise UserError(f"{where}: expected keys and values, found {values!r}")
            again = "replace" if job == "ingest" else "overwrite"
            steps.append(_step(job, {"root": root, again: settings.overwrite, **values}, where))
    return root, steps


def _with_wishes_of_later_steps(sections: Mapping[str, Any]) -> dict[str, Any]:
    """Return the sections with annotate preparing what dedup and curate need, unless it says otherwise.

    These are tokens of curate's tokenizer, and V2's MinHash for dedup's scheme v2.
    """
    annotate, dedup, curate = (sections.get(job) or {} for job in ("annotate", "dedup", "curate"))
    wishes: dict[str, Any] = {}
    if isinstance(curate, Mapping) and "tokenizer" in curate:
        wishes["tokenizer"] = curate["tokenizer"]
    if isinstance(dedup, Mapping) and dedup.get("scheme") == "v2":
        wishes["v2_minhash"] = True
    if isinstance(annotate, Mapping):
        return {**sections, "annotate": {**wishes, **annotate}}
    return dict(sections)


def _step(job: str, values: Mapping[str, Any], where: str) -> Step:
    if job == "ingest":
        return job, ingest_config(values, where=where)
    settings = from_mapping(JOBS[job], values, where=where)
    for name in READ_ONLY:
        if getattr(settings, name, False):
            raise UserError(f"{where}: {name} is for `redpajama {job}` by itself")
    if isinstance(settings, MixConfig):
        recipe_file.of(settings)
    return job, settings


def check(root: str, steps: Sequence[Step], file: str) -> int:
    """Check, before hours of work, that all exists that the settings name; return the inputs' bytes.

    Raises
    ------
    UserError
        An input, model, site, language, recipe or the like does not exist, or the recipe needs a slice,
        bucket or language that no step makes.
    """
    input_bytes = 0
    for job, settings in steps:
        try:
            input_bytes += cli.check(job, settings)
        except UserError as error:
            raise UserError(f"{file}, {job}: {error}") from error
    settings_by_job = dict(steps)
    recipe = recipe_file.of(settings_by_job["mix"])
    documents = manifest.current(root, "documents")
    earlier = {folder.labels.get("slice") for folder in documents.folders} if documents else set()
    slices = {*filter(None, earlier)} | {
        settings.slice for job, settings in steps if job == "ingest"
    }
    buckets = settings_by_job["curate"].buckets
    languages = settings_by_job["annotate"].languages
    where = f"{file}, mix: {recipe.name}"
    for name, stratum in recipe.strata.items():
        check_names(where, "slice", [stratum.slice], sorted(slices))
        part = name.partition("/")[2]
        if recipe.by.get(stratum.slice) == "bucket":
            check_names(f"{where}: curate keeps", "bucket", [part], buckets)
        elif recipe.by.get(stratum.slice) == "language" and languages:
            known = (*languages, UNKNOWN)
            check_names(f"{where}: annotate keeps", "language", [part], known)
    check_names(f"{file}, mix: curate keeps", "bucket", _given_buckets(settings_by_job), buckets)
    return input_bytes


def _given_buckets(settings: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the buckets that `mix` samples from, unless they are the default, which takes all."""
    buckets: tuple[str, ...] = settings["mix"].buckets
    return () if buckets == BUCKETS else buckets


def _load(path: str) -> dict[str, Any]:
    content = yaml_file.parse(yaml_file.read(path), path)
    if not isinstance(content, dict):
        raise UserError(f"{path}: expected sections such as `ingest:` and `mix:`")
    return content


def _sample(root: str | None) -> dict[str, Any]:
    """Return the sections that run the embedded sample; write the sample where a rerun finds it."""
    from jobs import sample

    # tables of another version's sample are not those of this one
    name = f"redpajama-sample-{os.getuid()}-{sample.version(0)[:8]}"
    folder = Path(tempfile.gettempdir()) / name
    files = sample.ensure(folder / "input")
    return {
        "root": root or str(folder / "root"),
        "ingest": [
            {"slice": slice_, "input": list(inputs)} for slice_, inputs in files.inputs.items()
        ],
        "annotate": {"models": str(files.models)},
        "mix": {"tokens": SAMPLE_TOKENS, "shards": 4},
    }


if __name__ == "__main__":
    sys.exit(cli.main(["run", *sys.argv[1:]]))
