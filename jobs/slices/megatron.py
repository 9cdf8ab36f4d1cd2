"""Corpora that exist as tokens alone: .bin and .idx of Megatron-LM, decoded with their tokenizer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np

from jobs import storage
from jobs.slices.names import hashed_name
from jobs.slices.outcome_batches import Document, Dropped, Outcome, Quarantined
from jobs.slices.raw.record import Place, RawRecord, RecordNotFound, in_memory
from jobs.slices.slice import Slice
from jobs.sources import splits
from jobs.sources.faults import STORAGE, TOO_LARGE, TRUNCATED_RECORD, Fault
from jobs.sources.splits import ByteRange, Split
from jobs.storage import ObjectInfo
from schemas.errors import UserError
from schemas.settings.ingest_pile import MegatronConfig
from udfs.extract.errors import ExtractionError
from udfs.formats.megatron_reader import BadIndex, Index, open_index
from udfs.tokens.decoding import Decoder

NAME = "megatron"
EMPTY = "empty"
BAD_INDEX = "bad-index"

_BIN, _INDEX, _MASK = ".bin", ".idx", "_mask.bin"
_MISTRAL = "mistral"
_DOCUMENTS = 1000  # whose places are read at once


class Tokens(NamedTuple):
    """A document's place in the token file, in bytes."""

    start: int
    size: int


class Megatron(Slice[MegatronConfig]):
    """One document a document of the index; its offset is that of its tokens in the `.bin`."""

    config = MegatronConfig

    def chosen(
        self, objects: Sequence[ObjectInfo], config: MegatronConfig
    ) -> tuple[list[ObjectInfo], dict[str, list[str]]]:
        """Return the token files that have an index.

        Raises
        ------
        UserError
            The settings name no tokenizer.
        """
        if config.tokenizer is None:
            raise UserError(
                "megatron needs the tokenizer that made the tokens: --tokenizer FILE, or 'mistral'"
            )
        known = {info.uri for info in objects}
        kept: list[ObjectInfo] = []
        others: dict[str, list[str]] = {}
        for info in objects:
            if not info.uri.endswith(_BIN):
                if not info.uri.endswith(_INDEX):
                    others.setdefault("it is no .bin", []).append(info.uri)
            elif info.uri.endswith(_MASK):
                others.setdefault("it is a mask", []).append(info.uri)
            elif index_of(info.uri) in known or storage.exists(index_of(info.uri)):
                kept.append(info)
            else:
                others.setdefault("there is no .idx beside it", []).append(info.uri)
        return kept, others

    def splits(self, objects: Sequence[ObjectInfo], config: MegatronConfig) -> list[Split]:
        """Return byte ranges of the token files."""
        return splits.ranges(objects)

    def outcomes(self, byte_range: ByteRange, config: MegatronConfig) -> Iterator[Outcome]:
        """Yield the outcome of each document whose tokens begin in a byte range."""
        uri = byte_range.uri
        try:
            decoder = Decoder(None if config.tokenizer == _MISTRAL else config.tokenizer)
            index = _index(uri)
            for tokens in _documents(index, byte_range):
                yield _outcome(tokens, index, byte_range, config, decoder)
        except BadIndex as error:
            if not byte_range.start:
                yield Quarantined(uri, 0, "read", BAD_INDEX, str(error))
        except OSError as error:
            fault = Fault(STORAGE, f"{type(error).__name__}: {error}")
            yield Quarantined.unread(uri, byte_range.start, fault)

    def raw_record(self, place: Place) -> RawRecord:
        """Return the tokens of a document; without their tokenizer, as numbers."""
        try:
            index = _index(place.uri)
            number = index.first_at(place.offset)
            whole = ByteRange(place.uri, 0, place.offset, place.offset + 1)
            # an empty document may begin at the same byte
            tokens = next((item for item in _documents(index, whole) if item.size), None)
        except BadIndex as error:
            raise RecordNotFound(str(error)) from error
        if tokens is None or tokens.start != place.offset or _id(place.uri, tokens) != place.id:
            raise RecordNotFound("no document's tokens begin there, or another one's")
        data = storage.read_range(place.uri, tokens.start, tokens.size)
        ids = np.frombuffer(data, index.dtype)
        return RawRecord(
            "tokens of Megatron-LM",
            tokens.size,
            {"document": [("number", number), ("tokens", len(ids)), ("type", str(index.dtype))]},
            " ".join(map(str, ids[:1000])),
            in_memory(data),
            ["the record holds token ids: the text is what their tokenizer makes of them"],
        )


def index_of(uri: str) -> str:
    """Return the address of the index of a token file."""
    return uri.removesuffix(_BIN) + _INDEX


def _index(uri: str) -> Index:
    return open_index(partial(storage.read_range, index_of(uri)))


def _id(uri: str, tokens: Tokens) -> str:
    return f"{NAME}/{hashed_name(uri, tokens.start)}"


def _documents(index: Index, byte_range: ByteRange) -> Iterator[Tokens]:
    """Yield the places of the documents that begin in a byte range, of the last one also empty ones."""
    first = index.first_at(byte_range.start)
    is_last = byte_range.end == byte_range.size
    end = index.documents if is_last else index.first_at(byte_range.end)
    for number in range(first, end, _DOCUMENTS):
        last = min(number + _DOCUMENTS, end)
        starts = index.starts(number, last)
        sizes = index.sizes(int(starts[0]), int(starts[-1])) * index.dtype.itemsize
        ends = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)])[starts - starts[0]]
        place = index.place(int(starts[0])) if len(sizes) else byte_range.start
        for begin, stop in zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True):
            yield Tokens(place + begin, stop - begin)


def _outcome(
    tokens: Tokens, index: Index, byte_range: ByteRange, config: MegatronConfig, decoder: Decoder
) -> Outcome:
    uri = byte_range.uri
    if tokens.size > config.max_record_bytes:
        fault = Fault(TOO_LARGE, f"the document has more than {config.max_record_bytes} bytes")
        return Quarantined.unread(uri, tokens.start, fault)
    data = storage.read_range(uri, tokens.start, tokens.size) if tokens.size else b""
    if len(data) != tokens.size:
        fault = Fault(TRUNCATED_RECORD, "the token file ends before the document")
        return Quarantined.unread(uri, tokens.start, fault)
    try:
        text = decoder.text(np.frombuffer(data, index.dtype).tolist())
    except ExtractionError as error:
        return Quarantined(uri, tokens.start, "extract", error.error, error.message)
    text = text.replace("\0", "")
    if not text.strip():
        return Dropped(uri, EMPTY)
    metadata = {"subset": config.subset} if config.subset else None
    return Document(_id(uri, tokens), text, uri, tokens.start, metadata=metadata)


SLICE = Megatron()
