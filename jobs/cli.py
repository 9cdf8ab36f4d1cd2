"""`redpajama JOB`, and what `spark-submit jobs/JOB.py` runs."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence
from typing import Any

from jobs import storage
from jobs.runtime import json_log, task_errors
from jobs.runtime.context import Context
from jobs.steps.report import run_summary
from jobs.tables.runs import Record
from schemas.errors import UserError
from schemas.settings import curate, decontaminate, export, ingest, mix, models, trace
from schemas.settings import jobs as config
from schemas.settings.options import add_arguments, from_arguments

# each job is the module of its name's first word, with a function `run(context, config)`
JOBS: dict[str, type[Any]] = {
    "run": config.RunConfig,
    **{f"ingest {name}": settings for name, settings in ingest.INGEST.items()},
    "paragraphs": config.ParagraphsConfig,
    "annotate": config.AnnotateConfig,
    "dedup": config.DedupConfig,
    "decontaminate": decontaminate.DecontaminateConfig,
    "curate": curate.CurateConfig,
    "mix": mix.MixConfig,
    "export": export.ExportConfig,
    "report": config.ReportConfig,
    "path": config.PathConfig,
    "trace": trace.TraceConfig,
    "takedown": config.TakedownConfig,
    "vacuum": config.VacuumConfig,
    "fetch-models": models.FetchModelsConfig,
    "train perplexity": models.TrainPerplexityConfig,
    "train quality": models.TrainQualityConfig,
    "train importance": models.TrainImportanceConfig,
}
GROUPS = {
    "ingest": ("SLICE", "Dumps become documents/."),
    "train": ("KIND", "Train a model that the other jobs load."),
}

EPILOG = """\
a table's data is Parquet below ROOT/TABLE/; `redpajama path TABLE --root ROOT` says where
`redpajama JOB --help` explains a job and its options
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a job; return the exit code: 0, or 2 after a mistake that the user can mend."""
    parsed = _parser().parse_args(arguments)
    context = Context("", json=parsed.json_progress)
    if context.json:
        json_log.to_stderr({"job": parsed.job})
    try:
        settings = from_arguments(JOBS[parsed.job], parsed)
        done = run(parsed.job, settings, context.at(_root(settings)))
        records = done if isinstance(done, list) else [done]
        shown = parsed.job != "run" and not context.json
        if shown and any(isinstance(each, Record) for each in records):
            print("\n".join(run_summary.lines(records)))
    except BrokenPipeError:  # `redpajama path ... | head`
        sys.stderr.close()
    except Exception as error:
        mistake = isinstance(error, UserError | storage.Conflict)
        line = str(error) if mistake else task_errors.told(error)
        if line is None:
            raise
        context.event("error", job=parsed.job, message=line)
        print(f"redpajama {parsed.job}: {line}", file=sys.stderr)
        return 2
    return 0


def run(job: str, settings: Any, context: Context | None = None) -> Any:
    """Run a job with its settings, on the session that is there."""
    module = importlib.import_module(f"jobs.{job.partition(' ')[0].replace('-', '_')}")
    return module.run(context or Context(_root(settings)), settings)


def _root(settings: Any) -> str:
    return getattr(settings, "root", None) or ""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="redpajama",
        description="Crawl archives and dumps in, a training mixture out.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    groups = {"": parser.add_subparsers(metavar="JOB", required=True)}
    for name, settings in JOBS.items():
        group, _, word = name.rpartition(" ")
        if group not in groups:
            metavar, about = GROUPS[group]
            grouped = groups[""].add_parser(group, help=about.rstrip("."), description=about)
            groups[group] = grouped.add_subparsers(metavar=metavar, required=True)
        about = (settings.__doc__ or "").strip()
        first = about.splitlines()[0].rstrip(".")
        job = groups[group].add_parser(word, help=first, description=about)
        add_arguments(job, settings)
        job.add_argument(
            "--json-progress",
            action="store_true",
            help="say how it goes in JSON, an object a line, for a machine that watches",
        )
        job.set_defaults(job=name)
    return parser


if __name__ == "__main__":
    sys.exit(main())
