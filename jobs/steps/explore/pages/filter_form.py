"""The fields of a set of filters, and the filters that are active."""

from __future__ import annotations

from markupsafe import Markup

from jobs.steps.explore.dataset import Dataset
from jobs.steps.explore.filters import Filter
from jobs.steps.explore.pages.layout import choice, field, hidden, link
from jobs.steps.explore.queries import Counts
from jobs.steps.report.markup import joined, tag

_LABELS = {"license": "licence"}


def fields(
    data: Dataset, chosen: Filter, tables: list[str], whole: Counts, prefix: str = ""
) -> Markup:
    """Return the fields of a set of filters.

    Parameters
    ----------
    whole
        Counts of all documents, for the values that can be chosen.
    prefix
        Before the name of each field.
    """
    text = chosen.texts
    parts: list[object] = []
    if len(tables) > 1:
        options = [(name, f"{name}/") for name in tables]
        parts.append(choice("Table", f"{prefix}table", options, chosen.table))
    else:
        parts.append(hidden([(f"{prefix}table", chosen.table)]))
    parts.append(field("Words", f"{prefix}words", text.get("words", "")))
    parts += [
        field(label, prefix + name, text.get(name, ""))
        for name, label in (("id", "Id"), ("url", "URL"), ("domain", "Domain"))
        if name in data.present or name == "id" or (name == "domain" and "url" in data.present)
    ]
    parts += [_values(name, whole, chosen, prefix) for name in whole.present]
    if "date" in data.present:
        parts.append(_pair("Date", ("since", "until"), text, prefix, "2023-06"))
    if data.signals:
        options = [("", "–"), *((name, name) for name in data.signals)]
        parts.append(choice("Signal", f"{prefix}signal", options, ""))
        parts.append(_pair("Its range", ("low", "high"), {}, prefix, "number"))
    ranges = [pair for pair in chosen.pairs(prefix) if pair[0] == f"{prefix}range"]
    return joined([*parts, hidden(ranges)])


def _values(name: str, whole: Counts, chosen: Filter, prefix: str) -> Markup:
    """Return the list of an attribute's values, as one more choice where several are chosen."""
    values = chosen.values.get(name, ())
    options = [("*", "any")]
    options += [(value or "", f"{value or 'none'} ({n:,})") for value, n in whole.groups[name]]
    options += [
        (value, value) for value in values if value and value not in {v for v, _ in options}
    ]
    label = _LABELS.get(name, name).capitalize()
    if len(values) < 2:
        return choice(label, prefix + name, options, values[0] if values else "*")
    boxes = [
        tag(
            "label",
            tag("input", type="checkbox", name=prefix + name, value=value, checked=""),
            tag("bdi", value or "none"),
            class_="box",
        )
        for value in values
    ]
    return tag("fieldset", tag("legend", label), *boxes)


def _pair(label: str, names: tuple[str, str], text: object, prefix: str, hint: str) -> Markup:
    values = text if isinstance(text, dict) else {}
    inputs = [
        tag(
            "input",
            type="text",
            name=prefix + name,
            value=values.get(name, ""),
            aria_label=f"{label}, {word}",
            placeholder=f"{word} {hint}" if hint != "number" else word,
            autocomplete="off",
        )
        for name, word in zip(names, ("from", "to"), strict=True)
    ]
    return tag("div", tag("span", label), *inputs, class_="pair")


def active(chosen: Filter, path: str = "/", **more: str) -> Markup:
    """Return the active filters; each is a link that removes it."""
    items = [
        tag(
            "li",
            link(
                joined([tag("bdi", text), tag("span", " ✕", aria_hidden="true")]),
                path,
                chosen.without(name).query(**more),
                aria_label=f"remove the filter {text}",
            ),
        )
        for name, text in chosen.described
    ]
    return tag("ul", *items, class_="chips", aria_label="Active filters") if items else Markup()
