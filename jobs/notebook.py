"""What the notebooks share, so that each runs on Databricks and on a laptop as it is.

Where a notebook runs decides three things alone: which session there is, where the root is, and what an
empty root is filled with. The rest is how plots and texts look.
"""

from __future__ import annotations

import html
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pyspark.sql import SparkSession

from jobs import cli, sample, slices
from jobs.runtime.context import Context
from jobs.runtime.session import get_session
from jobs.sample import SampleInfo
from jobs.tables import manifest, runs
from schemas.errors import UserError
from schemas.settings.annotate import AnnotateConfig
from schemas.settings.paragraphs import ParagraphsConfig

SAMPLE = "_sample"
"""The folder of the embedded sample below a root: where the root is, all workers can read."""

# Okabe and Ito's palette, which readers tell apart whatever colours they see
BLUE, ORANGE, GREEN, VERMILION = "#0072B2", "#E69F00", "#009E73", "#D55E00"
SKY, GREY = "#56B4E9", "#999999"
BUCKET_COLOURS = {"head": BLUE, "middle": ORANGE, "tail": VERMILION, "all": GREY}

STYLE: Mapping[str, Any] = MappingProxyType(
    {
        "axes.axisbelow": True,
        "axes.grid": True,
        "axes.spines.right": False,
        "axes.spines.top": False,
        "axes.titlelocation": "left",
        "figure.constrained_layout.use": True,
        "figure.dpi": 100,
        "font.size": 10,
        "grid.alpha": 0.3,
        "legend.frameon": False,
    }
)
"""For `matplotlib.pyplot.rcParams.update`."""


def on_databricks() -> bool:
    """Whether this is Databricks, whose notebooks have `dbutils` and a session, also serverless ones."""
    return "DATABRICKS_RUNTIME_VERSION" in os.environ


def session() -> SparkSession:
    """The notebook's session on Databricks; else the one that is there, or a local one."""
    return get_session("redpajama-notebook")


def local_root() -> str:
    """The root where there are no widgets: `$REDPAJAMA_ROOT`, else a folder that is found again."""
    # tables made of another version's sample are not those of this one
    name = f"redpajama-notebooks-{os.getuid()}-{sample.version(0)[:8]}"
    return os.environ.get("REDPAJAMA_ROOT") or str(Path(tempfile.gettempdir(), name))


def sample_in(root: str) -> SampleInfo:
    """The embedded sample, below the root.

    Raises
    ------
    UserError
        The root is no folder that this process can write to as such.
    """
    if "://" in root:
        raise UserError(
            f"the sample is made in a folder, and {root} is none: name archives instead"
        )
    return sample.ensure(Path(root, SAMPLE))


def fill_if_empty(context: Context) -> None:
    """Have annotated/ in the root; where there is nothing yet, of some of the sample.

    That is one snapshot of its crawl and two smaller slices: enough for a mixture. `redpajama run` takes
    all of it.

    Raises
    ------
    UserError
        There are documents that are not annotated: with which models is the user's choice.
    """
    root = context.root
    if manifest.current(root, "annotated") is not None:
        return
    if manifest.current(root, "documents") is not None:
        raise UserError(
            f"{root} has documents/ but no annotated/: run `redpajama paragraphs` and "
            "`redpajama annotate` first"
        )
    made = sample_in(root)
    crawl = f"{made.archives}/crawl-data/{made.snapshots[0]}/segments/*/warc/*.warc.gz"
    inputs = {each: made.inputs[each] for each in ("c4", "wikipedia")} | {"common_crawl": (crawl,)}
    for slice_, patterns in inputs.items():
        settings = slices.load(slice_).config(root=root, input=patterns)
        cli.run(f"ingest {slice_}", settings, context)
    cli.run("paragraphs", ParagraphsConfig(root=root), context)
    cli.run("annotate", AnnotateConfig(root=root, models=str(made.models)), context)


def record_of(root: str, table: str, job: str) -> runs.Record:
    """The record of the run that made a table: its settings, counts and details."""
    found = manifest.current(root, table)
    if found is None:
        raise UserError(f"{root} has no table {table} yet")
    return runs.load(root, found.made_by)


def beside(columns: Mapping[str, str], *, height: int = 420) -> str:
    """Texts side by side, as HTML in which nothing of them is more than text.

    Parameters
    ----------
    columns
        The texts, by their titles.
    height
        Pixels, above which a text scrolls.
    """
    cells = "".join(
        f"<td style='width:{100 // len(columns)}%;vertical-align:top;text-align:left'>"
        f"<b>{html.escape(title)}</b><pre style='white-space:pre-wrap;overflow-wrap:anywhere;"
        f"max-height:{height}px;overflow-y:auto;text-align:left'>{html.escape(text)}</pre></td>"
        for title, text in columns.items()
    )
    return f"<table style='width:100%;table-layout:fixed'><tr>{cells}</tr></table>"
