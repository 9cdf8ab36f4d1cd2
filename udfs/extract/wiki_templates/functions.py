"""Templates that compose a text of their values, by the names that the tables give them after `@`."""

from __future__ import annotations

import re
from collections.abc import Callable

from udfs.extract.wiki_templates import dates, languages, quantities
from udfs.extract.wiki_templates.call import Call
from udfs.extract.wiki_templates.citations import citation
from udfs.extract.wikitext_marks import LOST, UNKNOWN_PRICE
from udfs.extract.wikitext_measures import fraction
from udfs.extract.wikitext_names import LANGUAGE_CODES
from udfs.extract.wikitext_scripts import formula, subscript, superscript

_SOUND_OPTION_NAMES = "pron icon us uk lang local also en en-us en-uk audio note ae am be br"
_SOUND_OPTIONS = frozenset(_SOUND_OPTION_NAMES.split())
_SOUND_MARKS = {"'": "ˈ", ",": "ˌ", "_": " ", ",_": ", "}
_DEFAULT = re.compile(r"\{\{\{[^{}|]*\|([^{}]*)\}\}\}")
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")
_ACCIDENTALS = {"flat": "♭", "sharp": "♯", "natural": "♮", "b": "♭", "#": "♯"}


def _quantity(call: Call) -> str:
    """Return a number with its uncertainty, power of ten and unit: 1.2±0.3×10⁶ m."""
    number, error = call.value(1), call.value(2)
    # an uncertainty of the last digits is in parentheses, such as (7)
    number += error if error.startswith("(") or not error else f"±{error}"
    power = f"×10{superscript(call.named['e'])}" if call.named.get("e") else ""
    return f"{number}{power} {call.first('u', 'ul')}".strip()


def _pronunciation(call: Call) -> str:
    """Return a pronunciation in IPA between slashes."""
    sounds = [value for value in call.values if value.lower() not in _SOUND_OPTIONS]
    return f"/{''.join(_SOUND_MARKS.get(sound, sound) for sound in sounds)}/" if sounds else ""


def _ipa(call: Call) -> str:
    """Return `{{IPA|/a/}}` as it is, and `{{IPA|de|bɛʁˈliːn|lang}}`, which names a language, in brackets."""
    if call.value(1) not in LANGUAGE_CODES or len(call.values) < 2:
        return call.value(1)
    sounds = [value for value in call.values[1:] if value.lower() not in _SOUND_OPTIONS]
    sound = sounds[0] if sounds else ""
    return sound if sound[:1] in ("", "[", "/") else f"[{sound}]"


def _last(call: Call) -> str:
    return call.values[-1] if call.values else ""


def _fraction(call: Call) -> str:
    return fraction(call.values) if call.values else ""


def _root(call: Call) -> str:
    """Return `{{sqrt|2}}` or `{{radic|2|3}}`: √2, ³√2."""
    radicand, degree = call.value(1), call.value(2)
    if len(radicand) > 1 and not radicand.isalnum():
        radicand = f"({radicand})"
    return f"{superscript(degree).lstrip('^')}√{radicand}"


def _ship(call: Call) -> str:
    """Return a ship's prefix and name, and its hull number unless the format leaves it out."""
    name, hull = call.value(1), call.value(2)
    style = call.first("3", "format") or ("" if hull else "6")
    prefix = call.name.upper()
    shapes = {"1": hull, "2": name, "3": f"{name} ({hull})", "5": f"{prefix} {hull}"}
    full = f"{prefix} {name}".strip()
    return shapes.get(style) or (full if style == "6" else f"{full} ({hull})")


def _any_ship(call: Call) -> str:
    """Return `{{ship|USS|Hornet|CV-12}}`, whose first value is the prefix."""
    return _ship(Call(call.values[1:], call.named, call.edition, call.value(1))).strip()


def _ship_class(call: Call) -> str:
    """Return `{{sclass|Nimitz|aircraft carrier}}`: "Nimitz-class aircraft carrier"."""
    name, kind, style = call.value(1), call.value(2), call.first("3", "format")
    if style in ("1", "4") or not kind:
        return f"{name} class"
    return f"{name}-class" if style in ("2", "5") else f"{name}-class {kind}"


def _interlanguage_link(call: Call) -> str:
    """Return the title of a link to another edition; the edition's code may come first."""
    title, other = call.value(1), call.value(2)
    shown = call.first("lt", "text", "display", "texte")
    return shown or (other if title in LANGUAGE_CODES and other else title)


def _missing_page(call: Call) -> str:
    """Return the text of a link to a page that only another edition has: title, text, edition."""
    return call.first("2", "текст", "текст ссылки", "text", "1", "есть", "треба", "надо")


def _link_of_names(call: Call) -> str:
    """Return the French `{{lien|trad=|fr=|texte=}}` or `{{lien|Title}}`."""
    return call.first("texte", "1", "fr", "trad", "text", "títol", "título")


def _list(call: Call) -> str:
    """Return a list: one item a line."""
    return "".join(f"\n• {value}" for value in call.values if value.strip()) + "\n"


def _commas(call: Call) -> str:
    return ", ".join(value for value in call.values if value)


def _joined(call: Call) -> str:
    return "".join(call.values)


def _own_name(call: Call) -> str:
    """Return the template's own name: `{{XXe siècle}}`, `{{Francia}}`."""
    return call.name


def _own_name_upper(call: Call) -> str:
    """Return the template's own name as a title: `{{франция}}` shows "Франция"."""
    return call.name[:1].upper() + call.name[1:]


def _own_name_and_value(call: Call) -> str:
    """Return the template's own name and its value: `{{84e|congrès}}`."""
    return " ".join(filter(None, (call.name, call.value(1))))


def _country(call: Call) -> str:
    """Return the country beside a flag; its name if the edition's table has the code."""
    value = call.first("2", "1") if call.value(2).isalpha() else call.value(1)
    if not (value.isascii() and value.isupper() and len(value) <= 3):
        return value
    body = call.edition.own(value.lower())
    if not body or body.startswith("@"):
        return call.edition.country(value.lower()) or LOST
    return _DEFAULT.sub(r"\1", body)


def _country_named(call: Call) -> str:
    """Return the name of the country whose code is the template's name: `{{DEU|Ziel}}`."""
    return call.first("2", "Ziel") or call.edition.country(call.name.lower()) or LOST


def _lost(call: Call) -> str:
    """Return a mark for a value that is looked up elsewhere."""
    return LOST


def _unknown_price(call: Call) -> str:
    """Return a mark for a current price, for which the values do not suffice."""
    return UNKNOWN_PRICE


def _letters(call: Call) -> str:
    return "-".join(call.values)


def _music(call: Call) -> str:
    return _ACCIDENTALS.get(call.value(1), "")


def _scripts(call: Call) -> str:
    return subscript(call.named.get("b", "")) + superscript(call.named.get("p", ""))


def _power_of_ten(call: Call) -> str:
    return f"×10{superscript(call.value(1))}" if call.values else ""


def _old_style_date(call: Call) -> str:
    values = call.values
    return f"{values[0]} [O.S. {values[2]}] {values[1]}" if len(values) > 2 else " ".join(values)


def _two_joined(call: Call) -> str:
    return "-".join(call.values[:2])


def _positional(call: Call) -> str:
    """Return all values with blanks between them."""
    return " ".join(value for value in call.values if _LETTER_OR_DIGIT.search(value))


FUNCTIONS: dict[str, Callable[[Call], str]] = {
    "measure": quantities.converted,
    "number": quantities.number,
    "unit": quantities.unit,
    "price": quantities.price,
    "coordinates": quantities.located,
    "coordinate": quantities.located_by_name,
    "quantity": _quantity,
    "power-of-ten": _power_of_ten,
    "superscript": lambda call: superscript(call.value(1)),
    "subscript": lambda call: subscript(call.value(1)),
    "scripts": _scripts,
    "fraction": _fraction,
    "root": _root,
    "formula": lambda call: formula(call.values),
    "day-first": dates.day_first,
    "year-first": dates.year_first,
    "death": dates.death,
    "death-day-first": dates.death_day_first,
    "age": dates.age,
    "roman": quantities.roman,
    "as-of": dates.as_of,
    "old-style-date": _old_style_date,
    "in-language": languages.in_language,
    "langx": languages.langx,
    "chinese": languages.chinese,
    "korean": languages.korean,
    "pronunciation": _pronunciation,
    "ipa": _ipa,
    "respell": _letters,
    "citation": citation,
    "ship": _ship,
    "any-ship": _any_ship,
    "ship-class": _ship_class,
    "ill": _interlanguage_link,
    "missing-page": _missing_page,
    "lien": _link_of_names,
    "list": _list,
    "commas": _commas,
    "joined": _joined,
    "last": _last,
    "own-name": _own_name,
    "own-name-upper": _own_name_upper,
    "own-name-and-value": _own_name_and_value,
    "country": _country,
    "country-named": _country_named,
    "language-name": lambda call: call.edition.languages.get(call.value(1).lower(), ""),
    "lost": _lost,
    "unknown-price": _unknown_price,
    "music": _music,
    "two-joined": _two_joined,
    "positional": _positional,
}
"""Functions that return a template's text."""
