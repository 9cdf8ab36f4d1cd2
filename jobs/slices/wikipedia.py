"""Wikipedia: the articles of MediaWiki XML dumps as plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import quote, urlsplit

from pyspark.sql import DataFrame, SparkSession

from jobs.slices import wikipedia_templates
from jobs.slices.outcome_batches import Document, Dropped, Outcome, Quarantined
from jobs.slices.raw import pages as raw_pages
from jobs.slices.raw.record import Place, RawRecord
from jobs.slices.slice import Slice
from jobs.slices.traits import Llama, Traits
from jobs.slices.wikipedia_names import edition, language, wiki_of, wiki_of_file
from jobs.sources.mediawiki import Page, is_index, open_dump, pages, plan
from jobs.sources.mediawiki_header import Header
from jobs.sources.splits import ByteRange, Split
from jobs.storage import ObjectInfo
from schemas.names import check_names
from schemas.settings.ingest import WikipediaConfig
from udfs.extract import wikitext
from udfs.extract.errors import ExtractionError
from udfs.formats import redpajama_v1

NAME = "wikipedia"
_DATE = re.compile(r"-(\d{8})-")
# from this day on Wikimedia's terms of use put the text under CC-BY-SA 4.0 (before: 3.0)
_VERSION_4 = "20230607"
# characters besides letters, digits and -_. that MediaWiki (wfUrlencode) does not encode in URLs
_IN_URLS = ";@$!*(),/~:"
# old exports have no <redirect>: the keyword at the start of the text, in the default languages
_REDIRECT = re.compile(
    r"\s*#(?:redirect|weiterleitung|redirection|redirección|redireccion|rinvia|rinvio|doorverwijzing"
    r"|redirecionamento|przekieruj|patrz|tam|перенаправление|перенапр|omdirigering|omdirigera"
    r"|átirányítás|přesměruj|preusmjeri|preusmeri|preusmeritev|преусмери|redirecționare|redirecteaza"
    r"|виж|перенаправлення|stegn)\s*:?\s*\[\[",
    re.IGNORECASE,
)


class Wikipedia(Slice[WikipediaConfig]):
    """One task per byte range of a dump; a page of the article namespace is a document."""

    config = WikipediaConfig
    traits = Traits(llama=Llama(4.5, 2.45), v1_meta=redpajama_v1.wikipedia)

    def chosen(
        self, objects: Sequence[ObjectInfo], config: WikipediaConfig
    ) -> tuple[list[ObjectInfo], dict[str, list[str]]]:
        """Return the dumps of the configured editions, and those whose names have no edition.

        A multistream dump's index is not read: a task finds the streams of its range in the dump
        itself, faster than a driver reads an index of a gigabyte.

        Raises
        ------
        UserError
            The settings name an edition, other than by default, that no input is of.
        """
        dumps: list[ObjectInfo] = []
        left_out: dict[str, list[str]] = {}
        for info in objects:
            name = wiki_of_file(info.uri)
            if is_index(info.uri):
                left_out.setdefault("multistream-index", []).append(info.uri)
            elif name and edition(name) not in config.languages:
                left_out.setdefault("edition", []).append(info.uri)
            else:
                dumps.append(info)
        names = [wiki_of_file(info.uri) for info in objects]
        editions = {edition(name) for name in names if name}
        if config.languages != WikipediaConfig.languages and editions and all(names):
            check_names("", "edition", config.languages, sorted(editions))
        return dumps, left_out

    def snapshot(self, uri: str) -> str | None:
        """Return the day in a dump's name, such as 20230320."""
        match = _DATE.search(uri.rpartition("/")[2])
        return match and match[1]

    def splits(self, objects: Sequence[ObjectInfo], config: WikipediaConfig) -> list[Split]:
        """Return byte ranges of plain and bzip2 dumps, and other dumps whole."""
        return plan(objects, config.split_bytes)

    def outcomes(self, byte_range: ByteRange, config: WikipediaConfig) -> Iterator[Outcome]:
        """Yield the outcome of each page that begins in a byte range.

        Documents are articles (namespace 0) in wikitext that have a text. Other pages are dropped as
        `namespace-10` and the like, `redirect`, `model-css` and the like, `empty`, and `edition-xx` where
        the dump's header names an edition that is not configured. Pages that cannot be read, or whose
        text cannot be extracted, are quarantined.
        """
        dump = open_dump(byte_range)
        if isinstance(dump, Page):
            yield Quarantined.unread(dump.uri, dump.offset, dump)
            return
        wiki = wiki_of(dump)
        day = self.snapshot(byte_range.uri)
        label = config.snapshot or day or "local"
        root = config.root if config.templates == "dump" else None
        try:
            with wikipedia_templates.local_file(root, label, wiki) as templates:
                options = wikitext.Options(
                    edition(wiki),
                    tuple(dump.header.not_text),
                    config.tables == "rows",
                    config.keep_sections,
                    templates,
                )
                for page in pages(dump, config.max_record_bytes):
                    if page.error:
                        yield Quarantined.unread(page.uri, page.offset, page)
                    elif edition(wiki) not in config.languages:
                        yield Dropped(page.uri, f"edition-{edition(wiki)}")
                    elif reason := drop_reason(page, dump.header):
                        yield Dropped(page.uri, reason)
                    else:
                        yield _document(page, wiki, options, day)
        finally:
            wikitext.close()

    def read(
        self,
        spark: SparkSession,
        objects: Sequence[ObjectInfo],
        config: WikipediaConfig,
        snapshot: str,
    ) -> DataFrame:
        """Return an outcome for each page; a first pass over the dumps keeps their templates."""
        if config.templates == "dump":
            wikipedia_templates.keep(spark, config, snapshot, objects)
        return super().read(spark, objects, config, snapshot)

    def raw_record(self, place: Place) -> RawRecord:
        """Return the page of a MediaWiki export as XML."""
        return raw_pages.read(place)


def article_url(base: str | None, title: str) -> str | None:
    """Return an article's URL as MediaWiki writes it, given the URL of the main page."""
    if not base or not urlsplit(base).netloc:
        return None
    root, path, _ = base.rpartition("/wiki/")
    if not path:
        root, path, _ = base.rpartition("/")
    if root.startswith("http://") and root.endswith(".wikipedia.org"):
        root = "https" + root.removeprefix("http")
    return root + path + quote(title.replace(" ", "_"), safe=_IN_URLS, errors="replace")


def license_of(base: str | None, day: str | None, timestamp: str | None) -> str | None:
    """Return the license of Wikipedia's text on a dump's day, else on a revision's day.

    None for another wiki, whose dump names no license.
    """
    host = urlsplit(base or "").hostname or ""
    if not host.endswith("wikipedia.org"):
        return None
    when = day or (timestamp or "").replace("-", "")[:8]
    return "CC-BY-SA-4.0" if when >= _VERSION_4 else "CC-BY-SA-3.0"


def drop_reason(page: Page, header: Header) -> str | None:
    """Return why a page is dropped by its fields; None if it is not."""
    namespace = page.namespace
    if namespace is None:  # exports before 2010
        prefix = (page.title or "").partition(":")[0] if ":" in (page.title or "") else None
        numbers = {name: number for number, name in header.namespaces.items() if name}
        namespace = numbers.get(prefix or "", 0)
    if namespace:
        return f"namespace-{namespace}"
    if page.redirect is not None:
        return "redirect"
    if page.model not in (None, "wikitext"):
        return f"model-{page.model}"
    if not page.text or not page.text.strip():
        return "empty"
    return "redirect" if _REDIRECT.match(page.text) else None


def _document(page: Page, wiki: str, options: wikitext.Options, day: str | None) -> Outcome:
    origin = (page.uri, page.offset, "extract")
    if page.page_id is None or not page.title:
        return Quarantined(*origin, "no-page-id", "the page has no id or no title")
    code = edition(wiki)
    try:
        article = wikitext.read(page.text or "", options)
    except ExtractionError as error:
        return Quarantined(*origin, error.error, f"{page.title}: {error.message}")
    if not article.text:
        return Dropped(page.uri, "empty")
    url = article_url(page.base, page.title)
    metadata = {
        "language": language(code),
        "page_id": str(page.page_id),
        "revision_id": None if page.revision_id is None else str(page.revision_id),
        "wiki": wiki,
        "unexpanded_templates": str(article.unexpanded_templates or ""),
        "dropped_tables": str(article.dropped_tables or ""),
    }
    return Document(
        id=f"{NAME}/{code}/{page.page_id}",
        text=article.text,
        uri=page.uri,
        offset=page.offset,
        url=url,
        title=page.title,
        date=page.timestamp,
        license=license_of(page.base, day, page.timestamp),
        metadata={name: value for name, value in metadata.items() if value},
        source_domain=url and urlsplit(url).netloc,
    )


SLICE = Wikipedia()
