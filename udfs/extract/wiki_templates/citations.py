"""Citations outside of footnotes: authors, title and year."""

from __future__ import annotations

import re

from udfs.extract.wiki_templates.call import Call

_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
_FIRST_NAMES = "first prénom nombre nome imię voornaam förnamn ime nom"
_LAST_NAMES = "last nom apellidos cognome sobrenome último nazwisko achternaam efternamn prezime"
_AUTHORS = (
    "author auteur autor autore auteurs autores författare forfatter автор szerző autoři Autor"
)
_TITLES = (
    "title titre titel Titel título titulo titolo tytuł заглавие название titul naslov cím títol"
)
_CHAPTERS = "chapter chapitre capítulo capitolo kapitola kapitel часть"
_YEARS = (
    "year année Jahr año anno ano rok jaar år год god leto any date Datum data fecha дата datum"
)


def citation(call: Call) -> str:
    """Return authors, title and year of a citation; empty if it has no title.

    >>> from udfs.extract.wiki_templates.table import edition
    >>> named = {"Autor": "Lore Hühn", "Titel": "Welt", "Jahr": "2007"}
    >>> citation(Call((), named, edition("de")))
    'Lore Hühn, Welt (2007)'
    """
    titles = [call.first(*_CHAPTERS.split()), call.first(*_TITLES.split())]
    shown = ", in ".join(filter(None, titles))
    if not shown:
        # the French `{{citation|words}}` in an edition that does not know it
        is_quotation = call.name.lower() == "citation" and len(call.values) == 1
        return f"« {call.values[0]} »" if is_quotation else ""
    shown = ", ".join(filter(None, (" and ".join(_authors(call)), shown)))
    year = _YEAR.search(call.first(*_YEARS.split()))
    return f"{shown} ({year[0]})" if year else shown


def _authors(call: Call) -> list[str]:
    authors = []
    for number in ("", "1", "2", "3", "4"):
        last = _numbered(call, _LAST_NAMES, number) or _numbered(call, _AUTHORS, number)
        first = _numbered(call, _FIRST_NAMES, number)
        if last:
            authors.append(last if first == last else f"{first} {last}".strip())
    return [f"{authors[0]} et al."] if len(authors) > 3 else authors


def _numbered(call: Call, names: str, number: str) -> str:
    return call.first(*(f"{name}{number}" for name in names.split()))
