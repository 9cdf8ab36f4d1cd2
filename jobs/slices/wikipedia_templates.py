"""The templates of a wiki, which its dump holds as pages: read before the articles, kept in the root.

A file a wiki and snapshot, `ROOT/templates/wikipedia/SNAPSHOT/WIKI.json.gz`, has the bodies by name. A dump
in several files has its templates in all of them, and an article of one may use those of another.
"""

from __future__ import annotations

import contextlib
import gzip
import json
import re
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from pyspark.sql import SparkSession

from jobs import storage
from jobs.slices.wikipedia_names import edition, wiki_of
from jobs.sources.mediawiki import MediaWikiReader, Page, open_dump, pages
from jobs.sources.objects import ObjectDataSource
from jobs.sources.splits import ByteRange
from jobs.storage import ObjectInfo
from schemas.settings.ingest import WikipediaConfig
from udfs.extract.wiki_templates.source import REDIRECT, template_body, template_name, usable

_NAMESPACE = 10
MAX_BYTES = 64 << 20
"""Bytes of an edition's templates, uncompressed, that are kept; the shortest are kept first."""

READ_BYTES = 2 << 20
"""Bytes of dumps as stored, up to which this process reads the templates: three Python processes would."""


class TemplatesReader(MediaWikiReader):
    """Reads the template pages of dumps, with the body in place of the text."""

    format = "redpajama_templates"

    def rows(self, byte_range: ByteRange) -> Iterator[Page]:
        """Yield templates that may be a part of a sentence; unreadable pages are left to the articles."""
        dump = open_dump(byte_range)
        if isinstance(dump, Page):
            return
        wiki = wiki_of(dump)
        for page in pages(dump, self.max_record_bytes, holding=f"<ns>{_NAMESPACE}</ns>"):
            if page.namespace != _NAMESPACE or not page.title or page.error:
                continue
            if page.redirect is not None:
                yield page._replace(wiki=wiki, text=REDIRECT + template_name(page.redirect))
            elif (body := template_body(page.text or "")) is not None:
                yield page._replace(wiki=wiki, text=body)


class TemplatesDataSource(ObjectDataSource):
    """The templates of MediaWiki XML exports."""

    reader_type = TemplatesReader


def keep(
    spark: SparkSession, config: WikipediaConfig, snapshot: str, objects: Sequence[ObjectInfo]
) -> None:
    """Read the templates of some dumps and write them to the root.

    Templates of the snapshot's dumps that were read before are kept.
    """
    rows = _rows(spark, config, objects)
    bodies: dict[str, dict[str, str]] = defaultdict(dict)
    sizes: dict[str, int] = defaultdict(int)
    for row in sorted(rows, key=lambda row: (len(row.text), row.title, row.uri)):
        wiki = row.wiki
        if edition(wiki) not in config.languages:
            continue
        sizes[wiki] += len(row.text) + len(row.title)
        if sizes[wiki] <= MAX_BYTES:
            bodies[wiki].setdefault(template_name(row.title), row.text)
    for wiki, new in bodies.items():
        uri = _uri(config.root, snapshot, wiki)
        earlier = (
            json.loads(gzip.decompress(storage.read_bytes(uri))) if storage.exists(uri) else {}
        )
        data = json.dumps(usable({**earlier, **new}), ensure_ascii=False, sort_keys=True)
        storage.write_bytes(uri, gzip.compress(data.encode(), mtime=0))


def _rows(
    spark: SparkSession, config: WikipediaConfig, objects: Sequence[ObjectInfo]
) -> Iterator[Any]:
    """Yield `uri`, `wiki`, `title` and `text` of templates; this process reads small dumps itself."""
    options = {
        "max_record_bytes": str(config.max_record_bytes),
        "split_bytes": str(config.split_bytes),
        "uris": json.dumps([[info.uri, info.size] for info in objects]),
    }
    if sum(info.size for info in objects) <= READ_BYTES:
        reader = TemplatesReader(options)
        for split in reader.partitions():
            for byte_range in split.ranges:
                yield from reader.rows(byte_range)
        return
    spark.dataSource.register(TemplatesDataSource)
    rows = spark.read.format(TemplatesDataSource.name()).options(**options).load()
    yield from rows.select("uri", "wiki", "title", "text").toLocalIterator()


@contextlib.contextmanager
def local_file(root: str | None, snapshot: str, wiki: str) -> Iterator[str | None]:
    """Give the name of a local copy of a wiki's templates; None if there is no root, or none in it."""
    uri = root and _uri(root, snapshot, wiki)
    if not uri or not storage.exists(uri):
        yield None
        return
    with tempfile.NamedTemporaryFile(suffix=".json.gz") as file:
        file.write(storage.read_bytes(uri))
        file.flush()
        yield file.name


def _uri(root: str, snapshot: str, wiki: str) -> str:
    names = [re.sub(r"[^\w.-]", "_", name) for name in (snapshot, f"{wiki}.json.gz")]
    return storage.join(root, "templates", "wikipedia", *names)
