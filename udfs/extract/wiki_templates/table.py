r"""Read the tables of templates: what a template shows in an edition, and how the edition writes.

A line is `NAME; NAME = BODY`. The body is wikitext, in which `\n` is a line feed and `\s` a blank, or
`@FUNCTION` of `functions`; without a body the template shows nothing in a sentence. A line
`@KEY = VALUE` is a setting.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

from udfs.extract.wiki_templates.numbers import FORMATS, NumberFormat

EDITIONS = (
    *("en", "fr", "de", "es", "it", "ru", "pt", "nl", "pl", "sv"),
    *("uk", "ca", "cs", "da", "hu", "ro", "bg", "hr", "sl", "sr"),
    *("ja", "zh", "ar", "fa", "he", "tr", "ko", "vi", "fi", "no"),
)
"""The editions that have a table. A name that an edition lacks is looked up in these, in this order."""


@dataclass(frozen=True)
class Edition:
    """The table of an edition: what its templates show.

    Attributes
    ----------
    code
        The edition's code, such as `fr`; one without a table writes as the English edition does.
    settings
        `months`, `date` and the like.
    """

    code: str
    numbers: NumberFormat
    settings: Mapping[str, str]
    languages: Mapping[str, str] = field(repr=False)

    def body(self, name: str) -> str | None:
        """Return the body of a template, given its name in lower case; None if there is none.

        Names of the English edition are common to all editions.
        """
        body = _read(self.code)[0].get(name)
        return _read("en")[0].get(name) if body is None else body

    def own(self, name: str) -> str | None:
        """Return the body of a template that the edition's own table has."""
        return _read(self.code)[0].get(name)

    def other(self, name: str) -> tuple[str, Edition] | None:
        """Return the body that another edition has for a template, and that edition."""
        if name not in _others():
            return None
        body, code = _others()[name]
        return body, edition(code)

    def country(self, code: str) -> str | None:
        """Return a country's name, given its code of three letters in lower case; None if unknown."""
        names = _countries().get(code, {})
        return names.get(self.code) or names.get("en")

    def language_code(self, name: str) -> str | None:
        """Return the code of a language, given its name in the edition."""
        return next((code for code, other in self.languages.items() if other == name), None)

    def setting(self, key: str) -> str:
        """Return a setting, of the English edition if this one lacks it."""
        return self.settings.get(key) or _read("en")[1].get(key, "")


@cache
def edition(code: str) -> Edition:
    """Return an edition; `simple` is read as English."""
    settings = _read(code)[1]
    languages = _names(settings.get("languages", ""))
    return Edition(code, FORMATS.get(code, NumberFormat()), settings, languages)


@cache
def _countries() -> Mapping[str, Mapping[str, str]]:
    """Return the names of countries by editions, by the countries' codes."""
    names: dict[str, Mapping[str, str]] = {}
    text = resources.files(__package__).joinpath("countries.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        codes, _, pairs = line.partition(" = ")
        names.update(dict.fromkeys(codes.split("; "), _names(pairs)))
    return names


def _names(pairs: str) -> dict[str, str]:
    """Return the names of `de/sv NAME; fr NAME` by their codes."""
    parts = (pair.strip().partition(" ") for pair in pairs.split(";"))
    return {code: name for codes, _, name in parts for code in codes.split("/")}


@cache
def _others() -> Mapping[str, tuple[str, str]]:
    """Return the bodies of all editions, each with the edition's code.

    Names of up to three Latin letters, such as countries, mean something else in another edition.
    """
    return {
        name: (body, code)
        for code in reversed(EDITIONS)
        for name, body in _read(code)[0].items()
        if not (len(name) <= 3 and name.isascii() and name.isalpha())
    }


@cache
def _read(code: str) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Return the bodies and the settings of an edition."""
    bodies: dict[str, str] = {}
    settings: dict[str, str] = {}
    if code not in EDITIONS:
        return bodies, settings
    text = resources.files(__package__).joinpath(f"{code}.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        names, equals, body = f"{line} ".partition(" = ")
        if not equals or line.startswith("#"):
            continue
        if names.startswith("@"):
            settings[names[1:]] = f"{settings.get(names[1:], '')} {body.strip()}".strip()
            continue
        body = body.strip().replace("\\n", "\n").replace("\\s", "\u00a0")
        bodies.update((name.strip().lower(), body) for name in names.split(";"))
    return bodies, settings
