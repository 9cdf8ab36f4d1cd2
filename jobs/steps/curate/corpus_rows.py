"""Make rows of corpus/ from rows of annotated/, inside the tasks that read the texts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.compute as pc
from pyspark.sql import DataFrame
from pyspark.sql import types as T

from jobs.runtime.arrow import filled, in_parts
from jobs.steps.curate import passages
from jobs.steps.curate.redacted_messages import redacted_messages
from jobs.steps.curate.rules import Plan, judged
from schemas.pii import PII_KINDS
from schemas.settings.curate import CurateConfig
from schemas.tables.annotated import ANNOTATED
from schemas.tables.corpus import CORPUS
from udfs import pii
from udfs.tokens.tokenizer import Tokenizer, load_tokenizer

_PASSAGES = ("passage_characters", "cut_characters")
_FOUND = ("copies", "contamination", *PII_KINDS, "token_count", *_PASSAGES)
_KEPT = [field.name for field in CORPUS.fields if field.name not in _FOUND]
READ = T.StructType(
    [field for field in ANNOTATED.fields if field.name in (*_KEPT, "token_count", "tokenizer")]
)
"""The columns of annotated/ that `keep` takes."""


class Known(Protocol):
    """Exclusions and evidence from other tables (`jobs.steps.curate.exclusions`)."""

    def rows(self, archive: str) -> pa.Table:
        """Return at least the rows about the documents of an archive."""


def corpus_rows(
    rows: DataFrame,
    plan: Plan,
    config: CurateConfig,
    known: Known,
    *,
    with_passages: bool = False,
) -> DataFrame:
    """Return rows of corpus/ for rows of annotated/.

    Parameters
    ----------
    with_passages
        Whether what is known has columns of `jobs.steps.curate.passages.notes`.
    """
    chosen = judged(rows, plan).where("reason is null").select(*READ.names)
    return chosen.mapInArrow(keep(config, known, with_passages=with_passages), CORPUS)


def keep(
    config: CurateConfig, known: Known, *, with_passages: bool = False
) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """Return the function that drops excluded rows, adds what other tables say, cuts and replaces."""

    def work(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        tokenizer = load_tokenizer(config.tokenizer)
        of_archive = lru_cache(maxsize=2)(partial(_by_id, known))
        for batch in in_parts(batches):
            notes: dict[str, Any] = {}
            for uri in batch.column("source").field("uri").unique().to_pylist():
                notes |= of_archive(uri)
            ids = batch.column("id").to_pylist()
            kept = [
                i for i, id_ in enumerate(ids) if not notes.get(id_, {}).get("exclusion_reason")
            ]
            rows = batch.take(pa.array(kept, pa.int64()))
            of_passages: dict[str, list[int]] = {}
            if with_passages:
                rows, of_passages = passages.cut(rows, notes, config)
            columns = {name: rows.column(name) for name in _KEPT} | of_passages
            columns |= _copies_and_evidence(rows, notes) | _redacted(rows, config)
            columns["token_count"] = token_counts(rows, columns["text"], tokenizer)
            yield filled(CORPUS, columns, len(kept))

    return work


def token_counts(rows: pa.RecordBatch, texts: Any, tokenizer: Tokenizer) -> pa.Array:
    """Return the tokens of the texts, counted where annotate has not counted the same text.

    Parameters
    ----------
    texts
        An Arrow array, or a list where parts may have been replaced.
    """
    stored = rows.column("token_count")
    is_same = pc.equal(rows.column("tokenizer"), tokenizer.version)
    if isinstance(texts, list):
        texts = pa.array(texts, pa.string())
        is_same = pc.and_kleene(is_same, pc.equal(texts, rows.column("text")))
    is_known = pc.and_(pc.fill_null(is_same, False), pc.is_valid(stored))
    if pc.all(is_known, min_count=0).as_py():
        return stored
    to_count = pc.invert(is_known)
    counts = tokenizer.count(texts.filter(to_count).to_pylist())
    return pc.replace_with_mask(stored, to_count, pa.array(counts, stored.type))


def _by_id(known: Known, uri: str) -> dict[str, Any]:
    return {row["id"]: row for row in known.rows(uri).to_pylist()}


def _copies_and_evidence(rows: pa.RecordBatch, notes: dict[str, Any]) -> dict[str, Any]:
    """Return the columns `copies`, zero for a document without copies, and `contamination`."""
    own = zip(*(rows.column(name).to_pylist() for name in ("id", "slice", "date")), strict=True)
    copies, evidence = [], []
    for id_, slice_, date in own:
        note = notes.get(id_, {})
        evidence.append(note.get("contamination"))
        if note.get("slices") is None:
            note = no_copies(slice_, date)
        copies.append(note)
    return {"copies": copies, "contamination": evidence}


def no_copies(slice_: str, date: str | None) -> dict[str, Any]:
    """Return the value of `copies` for a document without copies."""
    none = {"exact": 0, "near": 0, "slices": [slice_]}
    return {**none, "first_date": date, "last_date": date}


def _redacted(rows: pa.RecordBatch, config: CurateConfig) -> dict[str, Any]:
    """Replace personal data in the given slices, and count it by kind; {} without slices."""
    if not config.pii:
        return {}
    texts, counts, conversations = [], [], []
    names = ("text", "slice", "language", "messages")
    columns = (rows.column(name).to_pylist() for name in names)
    for text, slice_, language, messages in zip(*columns, strict=True):
        redacted = pii.Redacted(text, {})
        if slice_ in config.pii and text is not None:
            redact = partial(_redact, config=config, language=language)
            if messages:
                replaced = redacted_messages(messages, redact)
                messages = replaced.messages
                redacted = pii.Redacted(replaced.text, replaced.counts)
            else:
                redacted = redact(text)
        texts.append(redacted.text)
        counts.append(redacted.counts)
        conversations.append(messages)
    kinds = {kind: [n.get(kind) for n in counts] for kind in config.pii_kinds}
    return {"text": texts, "messages": conversations, **kinds}


def _redact(text: str, *, config: CurateConfig, language: str | None) -> pii.Redacted:
    return pii.redact(text, config.pii_kinds, config.pii_style, language)
