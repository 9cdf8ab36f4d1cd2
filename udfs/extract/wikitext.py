"""Extract the plain text of a wiki article: headings, paragraphs and lists as a reader sees them.

RedPajama-V1 took Wikipedia's text from a published data set; these rules are the project's own.
`wikitext_tree` renders the parsed page and `wikitext_lines` tidies the lines.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

from udfs.extract.errors import ExtractionError
from udfs.extract.sandbox import Helper

# MediaWiki does not save pages above 2 MB
MAX_CHARACTERS = 1 << 22


@dataclass(frozen=True)
class Options:
    """Settings for reading a page.

    Attributes
    ----------
    edition
        The code of the edition, whose templates and numbers are read, such as `fr`.
    namespaces
        The wiki's names of the file and category namespaces, in addition to those of
        `wikitext_names`.
    keep_tables
        Whether rows of tables become lines, with tabs between the cells.
    keep_sections
        Whether sections of links at the end are kept, such as "See also".
    templates
        A local file of the wiki's own templates: JSON of `wiki_templates.source.usable`, in gzip.
    """

    edition: str = "en"
    namespaces: Sequence[str] = ()
    keep_tables: bool = False
    keep_sections: bool = False
    templates: str | None = None


@dataclass(frozen=True)
class Article:
    """The text of an article, and what it lacks.

    Attributes
    ----------
    unexpanded_templates
        The number of templates within sentences whose text is not known.
    dropped_tables
        The number of tables that were left out.
    """

    text: str
    unexpanded_templates: int = 0
    dropped_tables: int = 0


def extract(wikitext: str, namespaces: Sequence[str] = (), edition: str = "en") -> str:
    """Return the text of an article as `read` does."""
    return read(wikitext, Options(edition, tuple(namespaces))).text


def read(wikitext: str, options: Options) -> Article:
    """Return an article: one line per heading and list item, blank lines between blocks.

    Removed are tables, references, files, galleries, categories, links to other languages, comments,
    tags, magic words, and headings of sections without text. Templates within sentences are kept as the
    text that a reader sees, as far as the tables in `wiki_templates` know them. Links are kept as their
    text, bare URLs are removed. Formulas are kept as TeX between dollar signs.

    The parser's time is quadratic in the amount of unclosed markup: 24 KB can take half a minute, and
    the number of brackets does not predict it. So pages are parsed in a helper process, which can be
    stopped.

    Raises
    ------
    ExtractionError
        `page-too-large`: the page has more than `MAX_CHARACTERS`. `extraction-timeout`,
        `extraction-crash`: the helper process exceeded its time or ended on the page.
        `extraction-failed`: the parser raised an exception, for example for deeply nested markup.
    """
    if len(wikitext) > MAX_CHARACTERS:
        raise ExtractionError("page-too-large", f"the page has {len(wikitext)} characters")
    counts, text = _HELPER.extract(f"{json.dumps(asdict(options))}\n{wikitext}")
    # soft hyphens are seen by no reader, and part words for whoever reads the text
    return Article(text.replace("\xad", ""), **json.loads(counts or "{}"))


def extract_in_process(request: str) -> tuple[str, str]:
    """Return the counts of an `Article` as JSON, and its text, without a helper process.

    Parameters
    ----------
    request
        `Options` as JSON, a line feed, and the wikitext.

    Raises
    ------
    ExtractionError
        `extraction-failed`: the parser raised an exception.
    """
    from udfs.extract.wiki_templates.table import edition
    from udfs.extract.wikitext_lines import tidy
    from udfs.extract.wikitext_tree import Renderer

    head, _, wikitext = request.partition("\n")
    options = Options(**json.loads(head))
    try:
        renderer = Renderer(
            options.namespaces,
            edition(options.edition),
            options.keep_tables,
            _templates(options.templates) if options.templates else {},
        )
        lines = tidy(renderer.page(wikitext), options.keep_sections)
    except (RecursionError, MemoryError, ValueError, LookupError, TypeError) as error:
        message = f"{type(error).__name__}: {' '.join(str(error).split())}"
        raise ExtractionError("extraction-failed", message) from error
    counts = {
        "unexpanded_templates": lines.unexpanded,
        "dropped_tables": renderer.dropped_tables,
    }
    return json.dumps(counts), lines.text


@lru_cache(maxsize=2)
def _templates(path: str) -> Mapping[str, str]:
    bodies: dict[str, str] = json.loads(gzip.decompress(Path(path).read_bytes()))
    return bodies


def close() -> None:
    """End the helper process if it runs; the next page starts a new one."""
    _HELPER.close()


_HELPER = Helper("udfs.extract.wikitext:extract_in_process")
