"""Common Crawl and other web archives: HTML of WARC and ARC, text of WET.

Which records are kept, by status, type and length: `jobs.slices.common_crawl_records`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from jobs.slices.common_crawl_records import HTML_TYPES, RECORD_TYPES, outcome
from jobs.slices.outcome_batches import Outcome
from jobs.slices.raw import web
from jobs.slices.raw.record import Place, RawRecord
from jobs.slices.slice import Slice
from jobs.slices.traits import Llama, Traits
from jobs.sources.splits import ByteRange
from jobs.sources.warc import read_rows
from jobs.sources.warc_rows import Wanted
from schemas.settings.ingest import CommonCrawlConfig
from udfs.ccnet.language import lid_input

_SNAPSHOT = re.compile(r"CC-MAIN-\d{4}-\d{2}(?!\d)")


class CommonCrawl(Slice[CommonCrawlConfig]):
    """A document for each record of an HTML page or of its text; one task per archive."""

    config = CommonCrawlConfig
    traits = Traits(web=True, language_line=lid_input, llama=Llama(67.0, 1.10))

    def snapshot(self, uri: str) -> str | None:
        """Return the crawl that an archive's path names."""
        match = _SNAPSHOT.search(uri)
        return match and match[0]

    def outcomes(self, byte_range: ByteRange, config: CommonCrawlConfig) -> Iterator[Outcome]:
        """Yield the outcome of each record of an archive."""
        wanted = Wanted(
            record_types=RECORD_TYPES,
            statuses=frozenset(config.status),
            content_types=HTML_TYPES,
            max_record_bytes=config.max_record_bytes,
        )
        for record in read_rows(byte_range, wanted):
            yield outcome(record, wanted.statuses, config)

    def raw_record(self, place: Place) -> RawRecord:
        """Return the record of WARC, WET or ARC."""
        return web.read(place)


SLICE = CommonCrawl()
