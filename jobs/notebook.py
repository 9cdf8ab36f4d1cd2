"""Helpers of the notebooks: session, root, sample data and styles, on Databricks and on a laptop."""

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
"""Folder of the embedded sample below a root, where all workers can read it."""

# Okabe and Ito's palette, which is safe for colour-blind readers
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
    """Return whether this is Databricks, whose notebooks have `dbutils` and a session."""
    return "DATABRICKS_RUNTIME_VERSION" in os.environ


def session() -> SparkSession:
    """Return the notebook's session on Databricks; elsewhere the active one, or a local one."""
    return get_session("redpajama-notebook")


def local_root() -> str:
    """Return `$REDPAJAMA_ROOT`, else a temporary folder that a later session finds again."""
    # tables of another version's sample are not those of this one
    name = f"redpajama-notebooks-{os.getuid()}-{sample.version(0)[:8]}"
    return os.environ.get("REDPAJAMA_ROOT") or str(Path(tempfile.gettempdir(), name))


def sample_in(root: str) -> SampleInfo:
    """Return the embedded sample, made below the root if needed.

    Raises
    ------
    UserError
        The root is not a folder of a file system.
    """
    if "://" in root:
        raise UserError(f"the sample needs a folder, and {root} is not one: name archives instead")
    return sample.ensure(Path(root, SAMPLE))


def fill_if_empty(context: Context) -> None:
    """Fill an empty root up to annotated/ from a part of the sample.

    The part is one snapshot of the crawl and two smaller slices, enough for a mixture.

    Raises
    ------
    UserError
        The root has documents that are not annotated, for which the user chooses the models.
    """
    root = context.root
    if manifest.current(root, "annotated") is not None:
        return
    if manifest.current(root, "documents") is not None:
        raise UserError(
            f"{root} has documents/ but no annotated/: run `redpajama paragraphs` and "
            "`redpajama annotate` first"
        )
    files = sample_in(root)
    crawl = f"{files.archives}/crawl-data/{files.snapshots[0]}/segments/*/warc/*.warc.gz"
    inputs = {name: files.inputs[name] for name in ("c4", "wikipedia")}
    inputs["common_crawl"] = (crawl,)
    for slice_, patterns in inputs.items():
        settings = slices.load(slice_).config(root=root, input=patterns)
        cli.run(f"ingest {slice_}", settings, context)
    cli.run("paragraphs", ParagraphsConfig(root=root), context)
    cli.run("annotate", AnnotateConfig(root=root, models=str(files.models)), context)


def explore_document(place: str, id_: str, *, table: str | None = None, height: int = 600) -> str:
    """Return a document of a root, an export or a Parquet folder as HTML (extra `explore`).

    Its text, numbers and duplicates, as `redpajama explore` shows them; nothing in it runs.

    Raises
    ------
    UserError
        There is no such place or document, or DuckDB is not installed.
    """
    from jobs.steps.explore.inline import document_html

    return document_html(place, id_, table=table, height=height)


def explore_map(
    place: str,
    *,
    table: str | None = None,
    colour: str = "cluster",
    size: int = 5_000,
    model: str | None = None,
) -> str:
    """Return the map of a sample of documents as HTML (extra `explore`).

    Parameters
    ----------
    colour
        `cluster`, `slice`, `bucket`, `language` or `license`.
    size
        Documents on the map.
    model
        Folder of an embedding model, as `redpajama explore --model` takes it.

    Raises
    ------
    UserError
        There is no such place, or it has no documents, or DuckDB is not installed.
    """
    from jobs.steps.explore.inline import map_html

    return map_html(place, table=table, colour=colour, size=size, model=model)


def record_of(root: str, table: str) -> runs.Record:
    """Return the record of the run that made a table: its settings, counts and details."""
    return runs.load(root, Context(root).table(table).required().made_by)


def side_by_side(columns: Mapping[str, str], *, height: int = 420) -> str:
    """Return texts side by side as HTML, with their markup escaped.

    Parameters
    ----------
    columns
        The texts, by their titles.
    height
        Height in pixels above which a text scrolls.
    """
    cells = "".join(
        f"<td style='width:{100 // len(columns)}%;vertical-align:top;text-align:left'>"
        f"<b>{html.escape(title)}</b><pre style='white-space:pre-wrap;overflow-wrap:anywhere;"
        f"max-height:{height}px;overflow-y:auto;text-align:left'>{html.escape(text)}</pre></td>"
        for title, text in columns.items()
    )
    return f"<table style='width:100%;table-layout:fixed'><tr>{cells}</tr></table>"
