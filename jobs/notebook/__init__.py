"""Helpers of the notebooks, on Databricks and on a laptop: session, settings, root, sample, texts.

`jobs.notebook.document_plots` and `jobs.notebook.corpus_plots` draw; they need matplotlib.
"""

from __future__ import annotations

import html
import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pyspark.sql import SparkSession

from jobs import cli, sample, slices
from jobs.runtime.context import Context
from jobs.runtime.session import get_session
from jobs.sample import SampleInfo
from jobs.tables import manifest, runs
from schemas.errors import UserError
from schemas.names import check_names
from schemas.settings.annotate import AnnotateConfig
from schemas.settings.paragraphs import ParagraphsConfig

SAMPLE = "_sample"
"""Folder of the embedded sample below a root, where all workers can read it."""


def on_databricks() -> bool:
    """Return whether this is Databricks, whose notebooks have `dbutils` and a session."""
    return "DATABRICKS_RUNTIME_VERSION" in os.environ


def session() -> SparkSession:
    """Return the notebook's session on Databricks; elsewhere the active one, or a local one."""
    return get_session("redpajama-notebook")


def setting(name: str, default: str, choices: Sequence[str] = ()) -> str:
    """Return a setting: the value of a widget on Databricks, elsewhere `$REDPAJAMA_NAME` or the default.

    Parameters
    ----------
    choices
        The values that the widget offers, the default among them; by default any text.

    Raises
    ------
    UserError
        The value is none of the choices.
    """
    if on_databricks():
        widgets = _dbutils().widgets
        if choices:
            widgets.dropdown(name, default, list(choices))
        else:
            widgets.text(name, default)
        value = str(widgets.get(name))
    else:
        value = os.environ.get(f"REDPAJAMA_{name.upper()}") or default
    if choices:
        check_names("", name, [value], choices)
    return value


def _dbutils() -> Any:
    """Return Databricks' `dbutils`, which only the notebook's own namespace has."""
    from IPython import get_ipython

    return get_ipython().user_ns["dbutils"]


def root_setting(volume: str, *, apart: bool = False) -> str:
    """Return the setting `root`, a folder of tables.

    Parameters
    ----------
    volume
        Name of the default on Databricks, below `/Volumes/main/redpajama/corpus/`.
    apart
        Elsewhere use another temporary folder than the notebooks that share one.
    """
    if on_databricks():
        return setting("root", f"/Volumes/main/redpajama/corpus/{volume}")
    return setting("root", local_root(f"-{volume}" if apart else ""))


def local_root(ending: str = "") -> str:
    """Return a temporary folder that a later session finds again."""
    # tables of another version's sample are not those of this one
    name = f"redpajama-notebooks-{os.getuid()}-{sample.version(0)[:8]}{ending}"
    return str(Path(tempfile.gettempdir(), name))


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


def pages(texts: Mapping[str, Mapping[str, str]]) -> str:
    """Return pages as HTML that opens one by one, the first at once: titles, and texts by their titles."""
    parts = [
        f"<details{'' if number else ' open'}><summary>{html.escape(title)}</summary>"
        f"{side_by_side(columns)}</details>"
        for number, (title, columns) in enumerate(texts.items())
    ]
    return "".join(parts)
