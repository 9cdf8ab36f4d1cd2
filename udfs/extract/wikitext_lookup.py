"""Find what a template shows: in its edition's table, by the form of its name, or in another edition's."""

from __future__ import annotations

import re

from udfs.extract.wiki_templates.table import Edition

_LANGUAGE = re.compile(r"(?:lang|јез|jez|jezik|мова|ny)-([a-zа-яј-]{2,12})(2?)")
_GERMAN_LANGUAGE = re.compile(r"[A-Za-z][a-z]S")  # {{ruS}}, and {{RUS}} is a country
_COUNTRY = re.compile(r"[A-Z]{3}")
# French names that are what they show, such as {{Louis XIV}} and {{IIIe millénaire}}
_WITH_NUMERAL = re.compile(r"(?:[^\W\d_].{0,30} )?[IVXLCDM]+(?:e|er|re|ème)?(?: .{1,30})?")


def lookup(title: str, page_edition: Edition, has_values: bool) -> tuple[str, Edition, str] | None:
    """Return a template's body, the edition whose table has it, and a function's option.

    A function of another edition writes as the page's does, unless that is English or has no table. None
    for an unknown template.

    Parameters
    ----------
    title
        The template's name as in the page, with blanks for underscores.
    has_values
        Whether the page gives it values.
    """
    name = title.lower()
    body = page_edition.own(name)
    is_free = body is None or body == "@country-named"
    if is_free and page_edition.code == "de" and _GERMAN_LANGUAGE.fullmatch(title):
        return "@in-language", page_edition, name[:2]
    if body is None and _COUNTRY.fullmatch(title) and (country := page_edition.country(name)):
        return country, page_edition, ""
    if body is None:
        body = page_edition.body(name)
    if body is not None:
        return body, page_edition, ""
    if entry := _by_form(title, name, page_edition):
        return entry
    other = page_edition.other(name)
    if other:
        body, edition = other
        is_own = page_edition.code != "en" and "months" in page_edition.settings
        writes_here = is_own and body.startswith("@")
        return body, page_edition if writes_here else edition, ""
    if page_edition.code == "fr" and not has_values and _WITH_NUMERAL.fullmatch(title):
        return "@own-name", page_edition, ""
    return None


def _by_form(title: str, name: str, page_edition: Edition) -> tuple[str, Edition, str] | None:
    if name.startswith("script/"):
        return "{{{1}}}", page_edition, ""
    if name.startswith(("cite ", "vcite ")):
        return "@citation", page_edition, ""
    if name.startswith("ipa-"):
        return "[{{{1}}}]", page_edition, ""
    if match := _LANGUAGE.fullmatch(name):  # {{lang-fr2}} is without the language's name
        return "{{{1}}}" if match[2] else "@in-language", page_edition, match[1]
    if page_edition.code == "pl" and (code := page_edition.language_code(name)):
        return "@in-language", page_edition, code  # {{łac.|Vindobona}}
    return None
