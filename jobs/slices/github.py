"""GitHub: BigQuery's exports of `github_repos` as JSON lines or Parquet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from jobs.slices.github_records import COLUMNS, NEEDED, TEXT, Rules, id_of, outcome
from jobs.slices.outcome_batches import Outcome, Quarantined
from jobs.slices.raw import lines as raw_lines
from jobs.slices.raw import parquet as raw_parquet
from jobs.slices.raw.record import Place, RawRecord
from jobs.slices.slice import Slice
from jobs.slices.traits import Llama, Traits
from jobs.sources import lines, parquet_rows, splits
from jobs.sources.faults import STORAGE, Fault
from jobs.sources.splits import ByteRange, Split
from jobs.storage import ObjectInfo
from schemas.settings.ingest import GithubConfig
from udfs.extract import json_line
from udfs.extract.errors import ExtractionError
from udfs.extract.source_code import Limits
from udfs.extract.time_limit import Limited
from udfs.formats import redpajama_v1
from udfs.tokens.tokenizer import load_tokenizer

_PARQUET = ".parquet"


class Github(Slice[GithubConfig]):
    """One record per file; its offset is in bytes of JSON lines, and the row's number in Parquet."""

    config = GithubConfig
    traits = Traits(language_line=None, llama=Llama(4.5, 0.64), v1_meta=redpajama_v1.github)

    def splits(self, objects: Sequence[ObjectInfo], config: GithubConfig) -> list[Split]:
        """Return byte ranges of Parquet and plain files, and compressed files whole."""
        parquet = [info for info in objects if _named_parquet(info.uri)]
        line_files = [info for info in objects if not _named_parquet(info.uri)]
        return [*splits.ranges(parquet), *lines.plan(line_files)]

    def outcomes(self, byte_range: ByteRange, config: GithubConfig) -> Iterator[Outcome]:
        """Yield the outcome of each file in an export."""
        tokenizer = load_tokenizer(config.tokenizer)
        rules = Rules(
            licenses=config.licenses,
            limits=Limits(
                config.max_line_length,
                config.max_mean_line_length,
                config.min_alphanumeric,
                config.min_letters_per_token,
            ),
            tokens=lambda text: tokenizer.count([text])[0],
        )
        try:
            # a broken file named .parquet is one fault, not thousands of broken lines
            parquet = _named_parquet(byte_range.uri) or parquet_rows.is_parquet(byte_range.uri)
        except OSError as error:
            fault = Fault(STORAGE, f"{type(error).__name__}: {error}")
            yield Quarantined.unread(byte_range.uri, byte_range.start, fault)
            return
        read = _parquet if parquet else _json
        yield from read(byte_range, config.max_record_bytes, rules)

    def raw_record(self, place: Place) -> RawRecord:
        """Return the row of Parquet or the line of JSON of a file."""
        if parquet_rows.is_parquet(place.uri):
            return raw_parquet.read(place, lambda row: id_of(row, place.uri, place.offset), TEXT)
        return raw_lines.read(place, lambda row, _: id_of(row, place.uri, place.offset), TEXT)


def _named_parquet(uri: str) -> bool:
    return uri.lower().endswith(_PARQUET)


def _json(byte_range: ByteRange, max_bytes: int, rules: Rules) -> Iterator[Outcome]:
    for offset, line, fault in lines.line_bytes(byte_range, max_bytes):
        if fault:
            yield Quarantined.unread(byte_range.uri, offset, fault)
        elif line.strip():
            try:
                record = json_line.parse(line)
            except ExtractionError as error:
                yield Quarantined(byte_range.uri, offset, "parse", error.error, error.message)
            else:
                yield _limited(record, byte_range.uri, offset, rules)


def _parquet(byte_range: ByteRange, max_bytes: int, rules: Rules) -> Iterator[Outcome]:
    for row in parquet_rows.read_rows(byte_range, COLUMNS, NEEDED, max_bytes):
        if row.fault:
            yield Quarantined.unread(byte_range.uri, row.offset, row.fault)
        elif row.values is not None:
            yield _limited(row.values, byte_range.uri, row.offset, rules)


def _limited(record: dict[str, Any], uri: str, offset: int, rules: Rules) -> Outcome:
    try:
        with Limited():
            return outcome(record, uri, offset, rules)
    except ExtractionError as error:
        return Quarantined(uri, offset, "extract", error.error, error.message)


SLICE = Github()
