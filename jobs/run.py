"""Everything, in order: from archives to the mixture, by one YAML file or on the embedded sample."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jobs import cli, tables
from jobs.runtime import yaml_file
from jobs.runtime.context import Context
from jobs.steps.mix import recipe_file
from jobs.steps.report import run_summary
from jobs.tables import manifest
from jobs.tables.runs import Record
from schemas.errors import UserError
from schemas.names import check_names
from schemas.settings import curate, decontaminate, ingest, mix
from schemas.settings import jobs as config
from schemas.settings.options import from_mapping

STAGES: dict[str, type[Any]] = {
    "ingest": ingest.IngestConfig,  # of its slice
    "paragraphs": config.ParagraphsConfig,
    "annotate": config.AnnotateConfig,
    "dedup": config.DedupConfig,
    "decontaminate": decontaminate.DecontaminateConfig,
    "curate": curate.CurateConfig,
    "mix": mix.MixConfig,
}

OPTIONAL = ("decontaminate",)
"""Stages that run only where the file has a section for them."""

Step = tuple[str, Any]

SAMPLE_TOKENS = 500_000


def run(context: Context, settings: config.RunConfig) -> list[Record]:
    """Run each stage in turn, and print what went in and came out of each."""
    root, steps = plan(settings)
    context = context.at(root)
    records = []
    for number, (job, step) in enumerate(steps, 1):
        context.event("step", job=job, number=number, of=len(steps))
        done = cli.run(job, step, context)
        records += done if isinstance(done, list) else [done]
    if not context.json:
        for line in ("", *run_summary.lines(records), ""):
            context.say(line)
    for table in ("corpus", "mixture"):
        found = manifest.current(root, table)
        for folder in found.folders if found else ():
            context.say(f"{table:8} {tables.folder_uri(root, table, folder)}")
    return records


def plan(settings: config.RunConfig) -> tuple[str, list[Step]]:
    """The root and the steps, every setting checked before anything starts.

    Raises
    ------
    UserError
        The file cannot be read, is not YAML, or says something that does not exist.
    """
    if settings.config is None:
        where, said = "the embedded sample", _sample(settings.root)
    else:
        where, said = settings.config, _load(settings.config)
    root = settings.root or said.pop("root", None)
    said.pop("root", None)
    if not isinstance(root, str):
        raise UserError(f"{where}: no root: give --root, or `root:` in the file")
    check_names(where, "section", said, [*STAGES, "root"])
    steps: list[Step] = []
    for job, kind in STAGES.items():
        if job in OPTIONAL and job not in said:
            continue
        sections = said.get(job)
        if job in ("ingest", "mix") and job not in said:
            raise UserError(f"{where}: no section `{job}:`")
        for section in sections if isinstance(sections, list) else [sections or {}]:
            name = f"{where}, {job}"
            if not isinstance(section, Mapping):
                raise UserError(f"{name}: expected keys and values, found {section!r}")
            anew = "replace" if job == "ingest" else "overwrite"
            given = {"root": root, anew: settings.overwrite, **section}
            if job == "ingest":
                steps.append((job, ingest.ingest_config(given, where=name)))
            else:
                step = from_mapping(kind, given, where=name)
                for only_by_itself in ("explain", "dry_run"):
                    if getattr(step, only_by_itself, False):
                        raise UserError(
                            f"{name}: {only_by_itself} is for `redpajama {job}` by itself"
                        )
                if isinstance(step, mix.MixConfig):
                    recipe_file.of(step)  # a mistake in a recipe is told before hours of work
                steps.append((job, step))
    return root, steps


def _load(path: str) -> dict[str, Any]:
    content = yaml_file.parse(yaml_file.read(path), path)
    if not isinstance(content, dict):
        raise UserError(f"{path}: expected sections such as `ingest:` and `mix:`")
    return content


def _sample(root: str | None) -> dict[str, Any]:
    """The settings that run the embedded sample, which is made where a second run finds it."""
    from jobs import sample

    # tables made of another version's sample are not those of this one
    name = f"redpajama-sample-{os.getuid()}-{sample.version(0)[:8]}"
    folder = Path(tempfile.gettempdir()) / name
    made = sample.ensure(folder / "input")
    return {
        "root": root or str(folder / "root"),
        "ingest": [
            {"slice": slice_, "input": list(inputs)} for slice_, inputs in made.inputs.items()
        ],
        "annotate": {"models": str(made.models)},
        "mix": {"tokens": SAMPLE_TOKENS, "shards": 4},
    }


if __name__ == "__main__":
    sys.exit(cli.main(["run", *sys.argv[1:]]))
