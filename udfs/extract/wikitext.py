"""Extract the plain text of a wiki article: headings, paragraphs and lists as a reader sees them.

RedPajama-V1 took Wikipedia's text from a published data set; these rules are the project's own.
`wikitext_tree` renders the parsed page and `wikitext_lines` tidies the lines.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from udfs.extract.errors import ExtractionError
from udfs.extract.sandbox import Helper

# MediaWiki does not save pages above 2 MB
MAX_CHARACTERS = 1 << 22


def extract(wikitext: str, namespaces: Sequence[str] = ()) -> str:
    """Return the text of an article: one line per heading and list item, blank lines between blocks.

    Removed are templates, tables, references, files, galleries, categories, links to other languages,
    comments, tags, magic words, and headings of sections without text. Templates of `wikitext_names`
    and `wikitext_values` are kept as the text that a reader sees. Links are kept as their text, bare
    URLs are removed. Formulas are kept as TeX between dollar signs.

    The parser's time is quadratic in the amount of unclosed markup: 24 KB can take half a minute, and
    the number of brackets does not predict it. So pages are parsed in a helper process, which can be
    stopped.

    Parameters
    ----------
    namespaces
        The wiki's names of the file and category namespaces, in addition to those of
        `wikitext_names`.

    Raises
    ------
    ExtractionError
        `page-too-large`: the page has more than `MAX_CHARACTERS`. `extraction-timeout`,
        `extraction-crash`: the helper process exceeded its time or ended on the page.
        `extraction-failed`: the parser raised an exception, for example for deeply nested markup.
    """
    if len(wikitext) > MAX_CHARACTERS:
        raise ExtractionError("page-too-large", f"the page has {len(wikitext)} characters")
    return _HELPER.extract(f"{json.dumps(list(namespaces))}\n{wikitext}")[1]


def extract_in_process(request: str) -> tuple[str | None, str]:
    """Return None for the title, and the text of an article, without a helper process.

    Parameters
    ----------
    request
        A JSON list of namespace names, a line feed, and the wikitext.

    Raises
    ------
    ExtractionError
        `extraction-failed`: the parser raised an exception.
    """
    from udfs.extract.wikitext_lines import tidy
    from udfs.extract.wikitext_tree import render

    names, _, wikitext = request.partition("\n")
    try:
        return None, tidy(render(wikitext, frozenset(json.loads(names))))
    except (RecursionError, MemoryError, ValueError, LookupError, TypeError) as error:
        message = f"{type(error).__name__}: {' '.join(str(error).split())}"
        raise ExtractionError("extraction-failed", message) from error


def close() -> None:
    """End the helper process if it runs; the next page starts a new one."""
    _HELPER.close()


_HELPER = Helper("udfs.extract.wikitext:extract_in_process")
