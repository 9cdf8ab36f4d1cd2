"""Signals in V2's form and as Arrow columns."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import pyarrow as pa

from udfs.near_duplicates import minhash_v2
from udfs.quality_signals import installed
from udfs.quality_signals.arrays import Floats, Ints
from udfs.quality_signals.declaration import Signal
from udfs.quality_signals.documents import Documents
from udfs.quality_signals.registry import NULL_WITHOUT_LINES, SIGNALS
from udfs.quality_signals.resources import NO_RESOURCES, Resources

Scores = dict[str, list[list[Any]]]
Texts: TypeAlias = Sequence[str | None] | pa.Array
Sign: TypeAlias = Callable[[Documents], list[bytes | None]]

# limits for the documents processed at once, so that their arrays stay in the processor's cache
_MAX_DOCUMENTS = 256
_MAX_CHARS = 2_000_000

LINE_TYPE = pa.struct([("start", pa.int32()), ("end", pa.int32()), ("score", pa.float64())])


def _arrow_type(signal: Signal) -> pa.DataType:
    if signal.kind == "lines":
        return pa.list_(pa.field("element", LINE_TYPE))
    return pa.int32() if signal.integer else pa.float64()


ARROW_TYPE = pa.struct([(name, _arrow_type(signal)) for name, signal in SIGNALS.items()])


def score(
    raw_content: str,
    *,
    language: str,
    source_domain: str | None,
    resources: Resources | None = None,
    ccnet: Mapping[str, Any] | None = None,
) -> Scores:
    """Return all signals of one document in V2's form and order: `{name: [[start, end, score], ...]}`.

    Parameters
    ----------
    raw_content
        The text. Offsets count its code points.
    language
        Code of the language, as `en`: chooses the lists and models.
    source_domain
        Host of the page's address, for the UT1 block lists.
    resources
        Lists and models; without them the LDNOOBW and stop-word scores are 0.0, and those of UT1,
        of the classifiers and of importance are null.
    ccnet
        Fields of CCNet's record (`ccnet.FIELDS`); a score is null where its field is absent.
    """
    fields = {name: [value] for name, value in (ccnet or {}).items()}
    documents = Documents(
        [raw_content], [language], [source_domain], resources or NO_RESOURCES, fields
    )
    starts, ends = (side.tolist() for side in documents.line_spans)
    result: Scores = {}
    for name, signal in SIGNALS.items():
        values = [_plain(value, signal) for value in signal.function(documents).tolist()]
        if signal.kind == "doc":
            result[name] = [[0, len(raw_content), values[0]]]
        else:
            result[name] = [list(triple) for triple in zip(starts, ends, values, strict=True)]
    if not raw_content:
        result[NULL_WITHOUT_LINES] = [[0, 0, None]]
    return result


def _plain(value: float, signal: Signal) -> float | int | None:
    if math.isnan(value):
        return None
    return int(value) if signal.integer else value


class Measured(NamedTuple):
    """Columns of many documents.

    Attributes
    ----------
    signals
        V2's signals, one struct a document.
    signatures
        One column for each function of signatures.
    user_signals
        Numbers of the signals of installed packages, by name; None without such signals.
    """

    signals: pa.StructArray
    signatures: list[pa.BinaryArray]
    user_signals: pa.MapArray | None


def columns(
    texts: Texts,
    languages: Texts,
    domains: Texts,
    resources: Resources | None = None,
    ccnet: Mapping[str, Sequence[Any] | pa.Array] | None = None,
) -> pa.StructArray:
    """Return the signals of many documents as one struct column, null for a null text.

    The parameters are those of `score`, one value a document; `ccnet` has one array a field.
    """
    return columns_and_signatures(texts, languages, domains, resources, ccnet, sign=()).signals


def columns_and_signatures(
    texts: Texts,
    languages: Texts,
    domains: Texts,
    resources: Resources | None = None,
    ccnet: Mapping[str, Sequence[Any] | pa.Array] | None = None,
    *,
    sign: Sequence[Sign] | None = None,
    user_signals: Mapping[str, Signal] | None = None,
) -> Measured:
    """Measure signals and signatures of the same texts, which are cut into words once.

    Parameters
    ----------
    sign
        Functions that return signatures of the documents, by default V2's MinHash.
    user_signals
        Signals of installed packages.
    """
    sign = [v2_signatures] if sign is None else sign
    texts, languages, domains = _values(texts), _values(languages), _values(domains)
    fields = {name: _values(values) for name, values in (ccnet or {}).items()}
    signals: list[pa.StructArray] = []
    signatures: list[list[bytes | None]] = [[] for _ in sign]
    user_numbers: list[list[tuple[str, float]] | None] = []
    for part in _parts(texts):
        documents = Documents(
            [text or "" for text in texts[part]],
            languages[part],
            domains[part],
            resources or NO_RESOURCES,
            {name: values[part] for name, values in fields.items()},
        )
        nulls = np.array([text is None for text in texts[part]], np.bool_)
        signals.append(_struct(documents, nulls))
        for column, function in zip(signatures, sign, strict=True):
            column += function(documents)
        if user_signals:
            numbers = installed.measure(user_signals, documents)
            user_numbers += [
                None if null else row for row, null in zip(numbers, nulls, strict=True)
            ]
    return Measured(
        pa.concat_arrays(signals) if signals else pa.array([], ARROW_TYPE),
        [pa.array(column, pa.binary()) for column in signatures],
        pa.array(user_numbers, installed.ARROW_TYPE) if user_signals else None,
    )


def v2_signatures(documents: Documents) -> list[bytes | None]:
    """Return V2's MinHashes."""
    return minhash_v2.signatures_of_normalized(documents.normalized)


def _values(values: Sequence[Any] | pa.Array) -> list[Any]:
    if isinstance(values, (pa.Array, pa.ChunkedArray)):
        listed: list[Any] = values.to_pylist()
        return listed
    return list(values)


def _parts(texts: list[str | None]) -> Iterator[slice]:
    """Yield runs of documents to process at once; a long document is alone."""
    start = chars = 0
    for i, text in enumerate(texts):
        chars += len(text or "")
        if i > start and (chars > _MAX_CHARS or i - start == _MAX_DOCUMENTS):
            yield slice(start, i)
            start, chars = i, len(text or "")
    if start < len(texts):
        yield slice(start, len(texts))


def _struct(documents: Documents, nulls: np.ndarray[Any, np.dtype[np.bool_]]) -> pa.StructArray:
    starts, ends = (pa.array(side, pa.int32()) for side in documents.line_spans)
    children = []
    for name, signal in SIGNALS.items():
        values = signal.function(documents)
        if signal.kind == "doc":
            scores = pa.array(values, mask=nulls | np.isnan(values))
            children.append(scores.cast(_arrow_type(signal)))
        elif name == NULL_WITHOUT_LINES:
            children.append(_with_null_where_empty(documents, values))
        else:
            children.append(_lists(documents.document_lines, starts, ends, pa.array(values)))
    return pa.StructArray.from_arrays(children, fields=list(ARROW_TYPE), mask=pa.array(nulls))


def _lists(bounds: Ints, starts: pa.Array, ends: pa.Array, scores: pa.Array) -> pa.ListArray:
    spans = pa.StructArray.from_arrays([starts, ends, scores], fields=list(LINE_TYPE))
    return pa.ListArray.from_arrays(
        pa.array(bounds, pa.int32()), spans, type=pa.list_(pa.field("element", LINE_TYPE))
    )


def _with_null_where_empty(documents: Documents, scores: Floats) -> pa.ListArray:
    """Return line scores, with one null score from 0 to 0 for each text without lines."""
    empty = np.flatnonzero(documents.line_counts == 0)
    positions = documents.document_lines[empty]
    starts, ends = (np.insert(side, positions, 0) for side in documents.line_spans)
    bounds = documents.document_lines + np.concatenate([[0], np.cumsum(documents.line_counts == 0)])
    return _lists(
        bounds,
        pa.array(starts, pa.int32()),
        pa.array(ends, pa.int32()),
        pa.array(np.insert(scores, positions, np.nan), from_pandas=True),
    )
