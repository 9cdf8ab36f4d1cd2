"""Make the map of the documents that pass a set of filters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from jobs.steps.explore.database import Database
from jobs.steps.explore.dataset import Dataset
from jobs.steps.explore.filters import Filter
from jobs.steps.explore.map.clusters import Cluster, clusters
from jobs.steps.explore.map.embeddings import embedded
from jobs.steps.explore.map.layout import plane
from jobs.steps.explore.map.vectors import Matrix, reduced
from jobs.steps.explore.map.words import CHARACTERS, words
from jobs.steps.explore.queries import Row
from schemas.errors import UserError

_TITLE = 80
_SECONDS = 600  # of the query, which reads the texts

Report = Callable[[str], None]


@dataclass(frozen=True)
class DocumentMap:
    """Documents in the plane.

    Attributes
    ----------
    rows
        Of each document `id`, `title` and the attributes.
    places
        Of each document x and y, from 0 to 1.
    labels
        Of each document its cluster.
    attributes
        The attributes that the documents have.
    """

    table: str
    rows: Sequence[Row]
    places: Matrix
    labels: NDArray[np.int64]
    clusters: Sequence[Cluster]
    attributes: Sequence[str]


def document_map(
    database: Database,
    data: Dataset,
    chosen: Filter,
    size: int,
    model: str | None = None,
    report: Report = lambda line: None,
) -> DocumentMap:
    """Return the map of a sample of the documents that pass.

    Parameters
    ----------
    size
        Documents on the map, at most: those with the smallest MD5 of their ids, so that a smaller map is a
        part of a larger one.
    model
        Folder of an embedding model; by default words count.
    report
        Called with what is done now.

    Raises
    ------
    UserError
        No document passes, or the model cannot be used.
    """
    report("reading the texts")
    rows = sample(database, data, chosen, size)
    if not rows:
        raise UserError("no document passes these filters: there is nothing to map")
    texts = [row.pop("start") or "" for row in rows]
    report("counting words")
    by_words = words(texts, [row["language"] for row in rows])
    report("comparing documents")
    if model is None:
        vectors = reduced(by_words.tfidf)
    else:
        given = embedded(
            Path(model), texts, lambda share: report(f"embedding the texts, {share:.0%}")
        )
        vectors = reduced(given - given.mean(axis=0))
    labels, groups = clusters(vectors, by_words, [row["language"] for row in rows])
    places = plane(vectors, lambda share: report(f"placing the documents, {share:.0%}"))
    return DocumentMap(data.name, rows, places, labels, groups, data.shown_attributes)


def sample(database: Database, data: Dataset, chosen: Filter, size: int) -> list[Row]:
    """Return a sample with the beginning of each text as `start`."""
    where, values = chosen.where(data)
    text, id_ = data.expression("text"), data.expression("id")
    attributes = data.select(("slice", "bucket", "language", "license"))
    beginning = f"substr({text}, 1, {CHARACTERS})"
    return database.rows(
        f"WITH chosen AS (SELECT DISTINCT {id_} AS chosen_id FROM ({data.relation}) WHERE {where} "
        f"ORDER BY md5(chosen_id), chosen_id LIMIT {int(size)}) "
        f"SELECT {id_} AS id, substr(coalesce({data.expression('title')}, {text}), 1, {_TITLE}) "
        f"AS title, {attributes}, {beginning} AS start FROM ({data.relation}) "
        f"WHERE {id_} IN (SELECT chosen_id FROM chosen) AND {where} "
        f"QUALIFY row_number() OVER (PARTITION BY {id_}) = 1 ORDER BY md5({id_}), {id_}",
        values,
        seconds=_SECONDS,
    )
