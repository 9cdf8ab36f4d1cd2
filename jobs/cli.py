"""The command line: `redpajama JOB` and `spark-submit jobs/JOB.py`."""

from __future__ import annotations

import argparse
import importlib
import inspect
import re
import sys
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol, cast

from jobs.runtime import interrupts
from schemas.errors import UserError
from schemas.settings.arguments import add_arguments, from_arguments
from schemas.settings.commands import JOBS, settings_class
from schemas.settings.parser import OneLineParser
from schemas.settings.slices import PACKAGED

if TYPE_CHECKING:
    from jobs.runtime.context import Context
    from jobs.runtime.interrupts import Termination
    from jobs.tables.runs import Record

GROUPS = {
    "ingest": ("slices", "SLICE", "Read the dumps of a slice and write documents/."),
    "train": ("models", "MODEL", "Train a model that `annotate` loads."),
}
"""Jobs of two words, by the first: title and metavar of the second, and the description."""

STOPPED = "stopped; what was published stays; run it again"

EPILOG = """\
Run `redpajama JOB --help` for a job's options.

A table is Parquet below ROOT/TABLE/; `redpajama path TABLE --root ROOT` prints its folders.
"""


class _Help(argparse.HelpFormatter):
    """Keep the paragraphs and lists of a description, and each job of a list on a line."""

    def add_argument(self, action: argparse.Action) -> None:
        super().add_argument(action)
        # argparse counts the names of jobs, but not that they are indented once more
        if isinstance(action, argparse._SubParsersAction):
            self._action_max_length += self._indent_increment

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        blocks = re.split(r"\n(?=\n|- )", inspect.cleandoc(text))
        return "\n".join(_filled(block, width) for block in blocks)


def _filled(block: str, width: int) -> str:
    hanging = "  " if block.startswith("- ") else ""
    filled = textwrap.fill(" ".join(block.split()), width, subsequent_indent=hanging)
    return "\n" + filled if block.startswith("\n") else filled


class Job(Protocol):
    """A module of `jobs/` that runs a job."""

    def run(self, context: Context, settings: Any, /) -> Any:
        """Run the job; return its record or records where it writes tables."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a job from the command line.

    Returns
    -------
    int
        The exit code: 0, 2 after an error that the user can fix, 130 after Ctrl-C, 143 after SIGTERM.
    """
    argv = sys.argv[1:] if arguments is None else arguments
    with interrupts.termination() as termination:
        try:
            return _main(argv, termination)
        except KeyboardInterrupt:
            words = " ".join(argv[:1])
            print(f"redpajama {words}".rstrip() + f": {STOPPED}", file=sys.stderr)
            return termination.exit_code


def _main(argv: Sequence[str], termination: Termination) -> int:
    try:
        parsed = _parser(argv).parse_args(argv)
    except UserError as error:
        print(f"redpajama: {error}", file=sys.stderr)
        return 2
    # after the parser, so that --help does not wait for Spark's modules
    from jobs import storage
    from jobs.runtime import json_log, task_errors
    from jobs.runtime.context import Context
    from jobs.steps.report import run_summary

    context = Context("", json=parsed.json_progress)
    if context.json:
        json_log.to_stderr({"job": parsed.job})
    try:
        settings = from_arguments(settings_class(parsed.job), parsed)
        with interrupts.without_tracebacks():
            result = run(parsed.job, settings, context.at(_root(settings)))
        finished = records(result)
        # `run` prints the summary itself
        if finished and parsed.job != "run" and not context.json:
            print("\n".join(run_summary.lines(finished)))
    except BrokenPipeError:  # `redpajama path ... | head`
        sys.stderr.close()
    except BaseException as error:
        message: str | None
        if interrupts.is_interrupt(error):
            message = STOPPED
        elif isinstance(error, UserError):
            message = str(error)
        elif isinstance(error, storage.Conflict):
            message = f"{error}: run it again"
        else:
            message = task_errors.user_message(error)
        if message is None:
            raise
        context.event("error", job=parsed.job, message=message)
        print(f"redpajama {parsed.job}: {message}", file=sys.stderr)
        return termination.exit_code if message == STOPPED else 2
    return 0


def run(job: str, settings: Any, context: Context | None = None) -> Any:
    """Run a job with its settings; return what its module's `run` returns.

    Parameters
    ----------
    context
        Root, session and output; by default the settings' root, the active session and stdout.
    """
    if context is None:
        from jobs.runtime.context import Context

        context = Context(_root(settings))
    module = importlib.import_module(_module(job))
    return cast("Job", module).run(context, settings)


def check(job: str, settings: Any) -> int:
    """Check what the settings of a job name, where its module has a function `check` for it.

    Return the bytes of the inputs, 0 where a job reads tables alone.

    Raises
    ------
    UserError
        A file, site, language or the like does not exist.
    """
    module = importlib.import_module(_module(job))
    check_settings = getattr(module, "check", None)
    return (check_settings(settings) or 0) if check_settings is not None else 0


def _module(job: str) -> str:
    return f"jobs.{job.partition(' ')[0].replace('-', '_')}"


def records(result: Any) -> list[Record]:
    """Return the run records among what a job returned."""
    from jobs.tables.runs import Record

    results = result if isinstance(result, list) else [result]
    return [record for record in results if isinstance(record, Record)]


def _root(settings: Any) -> str:
    return getattr(settings, "root", None) or ""


def _parser(arguments: Sequence[str] = ()) -> argparse.ArgumentParser:
    """Return the parser of all jobs, and of slices of installed packages where `ingest` is asked for."""
    parser = OneLineParser(
        prog="redpajama",
        description="Turn crawl archives and dumps into a training mixture.",
        epilog=EPILOG,
        formatter_class=_Help,
    )
    groups = {"": parser.add_subparsers(title="jobs", metavar="JOB", required=True)}
    for name, settings in JOBS.items():
        group, _, word = name.rpartition(" ")
        if group not in groups:
            title, metavar, about = GROUPS[group]
            grouped = groups[""].add_parser(
                group, help=about.rstrip("."), description=about, formatter_class=_Help
            )
            groups[group] = grouped.add_subparsers(title=title, metavar=metavar, required=True)
        _add_job(groups[group], word, name, settings)
    for name in PACKAGED if "ingest" in arguments else ():
        try:
            _add_job(groups["ingest"], name, f"ingest {name}", settings_class(f"ingest {name}"))
        except UserError as error:
            if name in arguments:
                raise
            groups["ingest"].add_parser(name, help=str(error).replace("%", "%%"))
    return parser


def _add_job(group: Any, word: str, name: str, settings: type[Any]) -> None:
    """Add a job to its group of the command line, under a word."""
    about = (settings.__doc__ or "").strip()
    first = about.splitlines()[0].rstrip(".")
    job = group.add_parser(word, help=first, description=about, formatter_class=_Help)
    add_arguments(job, settings)
    job.add_argument(
        "--json-progress",
        action="store_true",
        help="print progress as JSON events, one object a line",
    )
    job.set_defaults(job=name)


if __name__ == "__main__":
    sys.exit(main())
