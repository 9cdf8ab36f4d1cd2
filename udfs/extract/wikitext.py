"""From an article's wikitext to plain text: headings, paragraphs and lists, as a person reads them."""

from __future__ import annotations

import json
from collections.abc import Sequence

from udfs.extract.errors import ExtractionError
from udfs.extract.sandbox import Helper

# MediaWiki saves no page above 2 MB
MOST_CHARACTERS = 1 << 22


def extract(wikitext: str, namespaces: Sequence[str] = ()) -> str:
    """Return the text of an article: headings and list items as lines, paragraphs apart.

    Gone are templates (but for those of `wikitext_names` and `wikitext_values`, whose text a reader
    sees in the sentence), brackets around a price of today, tables, references, files, galleries,
    categories, links to other languages, comments, tags and magic words, and the headings of
    sections that have nothing left. Links leave their text, addresses nothing. Formulas are kept as
    TeX between dollar signs.

    The parser is native code and takes time that grows with the square of what is not closed: 24
    KB can take half a minute, and no count of brackets tells which. So each page is parsed in a
    process that can be stopped.

    Parameters
    ----------
    namespaces
        What the wiki calls files and categories, besides the names that `wikitext_names` has.

    Raises
    ------
    ExtractionError
        `page-too-large`: it has more than `MOST_CHARACTERS`. `extraction-timeout`,
        `extraction-crash`: the parser did not come to an end on it. `extraction-failed`: it
        raised something, such as for markup that is nested too deeply.
    """
    if len(wikitext) > MOST_CHARACTERS:
        raise ExtractionError("page-too-large", f"the page has {len(wikitext)} characters")
    return _GUARDED.extract(f"{json.dumps(list(namespaces))}\n{wikitext}")[1]


def extract_here(request: str) -> tuple[str | None, str]:
    """Return no title, and the text of an article, in this process, however long it takes.

    Parameters
    ----------
    request
        A JSON list of the namespaces' names, a line end, and the wikitext.

    Raises
    ------
    ExtractionError
        The parser raised something.
    """
    from udfs.extract.wikitext_lines import tidied
    from udfs.extract.wikitext_tree import flat

    names, _, wikitext = request.partition("\n")
    try:
        return None, tidied(flat(wikitext, frozenset(json.loads(names))))
    except (RecursionError, MemoryError, ValueError, LookupError, TypeError) as error:
        message = f"{type(error).__name__}: {' '.join(str(error).split())}"
        raise ExtractionError("extraction-failed", message) from error


def close() -> None:
    """End the process that parses, if there is one; the next page starts it anew."""
    _GUARDED.close()


_GUARDED = Helper("udfs.extract.wikitext:extract_here")
