"""A set of filters: from an address, as an address, and as SQL."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from jobs.steps.explore.dataset import ATTRIBUTES, Dataset
from jobs.steps.explore.word_search import Word, search_words
from schemas.errors import UserError

Params = Mapping[str, Sequence[str]]

_TEXT_FIELDS = ("words", "id", "url", "domain", "since", "until")
_MOST = 30
"""Values of an attribute, and ranges, that one set may have."""


@dataclass(frozen=True)
class Filter:
    """A set of filters; a document passes if it passes each.

    Attributes
    ----------
    table
        The table whose documents are filtered.
    texts
        `words`: all in the text, as `jobs.steps.explore.word_search` reads them; `id`, `url`, `domain`: a
        part of the column; `since` and `until`: dates, of any length, as 2023 or 2023-06.
    values
        Attribute -> values, of which a document has one; "" is for documents without a value.
    ranges
        Signal -> least and most value; an infinite end is open.
    """

    table: str
    texts: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ranges: Mapping[str, tuple[float, float]] = field(default_factory=dict)

    @classmethod
    def read(cls, params: Params, table: str, prefix: str = "") -> Filter:
        """Return the filters that an address has, under names with a prefix.

        Raises
        ------
        UserError
            A number of a range is none, or there are too many values.
        """
        texts = {}
        for name in _TEXT_FIELDS:
            text = " ".join(params.get(prefix + name, [""])[0].split())[:500]
            if text:
                texts[name] = text
        values = {}
        for name in ATTRIBUTES:
            chosen = tuple(dict.fromkeys(params.get(prefix + name, ())))
            if "*" not in chosen and chosen:
                values[name] = chosen[:_MOST]
        given = params.get(prefix + "table", [""])[0]
        return cls(given or table, texts, values, _ranges(params, prefix))

    def pairs(self, prefix: str = "") -> list[tuple[str, str]]:
        """Return what an address has for these filters."""
        pairs = [(f"{prefix}table", self.table)]
        pairs += [(prefix + name, text) for name, text in self.texts.items()]
        pairs += [
            (prefix + name, value) for name, values in self.values.items() for value in values
        ]
        pairs += [
            (f"{prefix}range", f"{name}:{_end(low)}:{_end(high)}")
            for name, (low, high) in self.ranges.items()
        ]
        return pairs

    def query(self, prefix: str = "", **more: object) -> str:
        """Return the filters, and further parameters, as the query of an address."""
        return urlencode(
            [*self.pairs(prefix), *((name, str(value)) for name, value in more.items())]
        )

    def with_value(self, attribute: str, value: str) -> Filter:
        """Return these filters with a value of an attribute added, or removed if it is there."""
        values = self.values.get(attribute, ())
        changed = tuple(v for v in values if v != value) if value in values else (*values, value)
        rest = {name: old for name, old in self.values.items() if name != attribute}
        return replace(self, values={**rest, attribute: changed} if changed else rest)

    def with_range(self, signal: str, low: float, high: float) -> Filter:
        """Return these filters with another range of a signal."""
        return replace(self, ranges={**self.ranges, signal: (low, high)})

    def without(self, name: str) -> Filter:
        """Return these filters without those of a name."""
        parts = ({k: v for k, v in part.items() if k != name} for part in self._parts)
        texts, values, ranges = parts
        return Filter(self.table, texts, values, ranges)

    @property
    def _parts(self) -> tuple[Mapping[str, Any], ...]:
        return self.texts, self.values, self.ranges

    @property
    def words(self) -> list[Word]:
        """The words and phrases that are searched."""
        return search_words(self.texts.get("words", ""))

    @property
    def described(self) -> list[tuple[str, str]]:
        """Name and description of each filter, for people."""
        lines = [(name, f"{name}: {text}") for name, text in self.texts.items()]
        lines += [
            (name, f"{name}: {' or '.join(value or 'none' for value in values)}")
            for name, values in self.values.items()
        ]
        for name, (low, high) in self.ranges.items():
            if math.isinf(low):
                lines.append((name, f"{name} up to {high:g}"))
            elif math.isinf(high):
                lines.append((name, f"{name} from {low:g}"))
            else:
                lines.append((name, f"{name} {low:g} to {high:g}"))
        return lines

    def where(self, data: Dataset, prefix: str = "") -> tuple[str, dict[str, Any]]:
        """Return the condition as SQL over the relation of a data set, and its values.

        Raises
        ------
        UserError
            The data set has no such column.
        """
        parts: list[str] = []
        values: dict[str, Any] = {}

        def bind(value: Any) -> str:
            name = f"{prefix}p{len(values)}"
            values[name] = value
            return f"${name}"

        for word in self.words:
            text = data.expression("text")
            parts.append(f"contains(lower({text}), lower({bind(word.text)}))")
            if word.starts or word.ends:
                parts.append(f"regexp_matches({text}, {bind(word.re2)})")
        for name in ("id", "url", "domain"):
            if name in self.texts:
                value = bind(self.texts[name])
                parts.append(f"contains(lower({data.expression(name)}), lower({value}))")
        date = data.expression("date")
        if "since" in self.texts:
            parts.append(f"{date} >= {bind(self.texts['since'])}")
        if "until" in self.texts:  # to the end of the year, month or day that is named
            parts.append(f"{date} < {bind(self.texts['until'] + chr(0x10FFFF))}")
        for name, chosen in self.values.items():
            column = data.expression(name)
            names = [bind(value) for value in chosen if value]
            options = [f"{column} IN ({', '.join(names)})"] if names else []
            options += [f"coalesce({column}, '') = ''"] if "" in chosen else []
            parts.append(f"({' OR '.join(options)})")
        for name, (low, high) in self.ranges.items():
            column = data.expression(name)
            parts += [f"{column} >= {bind(low)}"] if low > -math.inf else []
            parts += [f"{column} <= {bind(high)}"] if high < math.inf else []
        return " AND ".join(parts) or "true", values


def _ranges(params: Params, prefix: str) -> dict[str, tuple[float, float]]:
    ranges = {}
    for text in list(params.get(prefix + "range", ()))[:_MOST]:
        name, low, high = [*text.rsplit(":", 2), "", ""][:3]
        ranges[name] = (_number(low, -math.inf), _number(high, math.inf))
    # a form has the name and the two ends apart
    name = params.get(prefix + "signal", [""])[0]
    ends = [params.get(prefix + end, [""])[0].strip() for end in ("low", "high")]
    if name and any(ends):
        ranges[name] = (_number(ends[0], -math.inf), _number(ends[1], math.inf))
    return ranges


def _number(text: str, default: float) -> float:
    if not text:
        return default
    try:
        number = float(text.replace(",", "").replace("_", ""))
    except ValueError:
        number = math.nan
    if math.isnan(number):
        raise UserError(f"a range has numbers at its ends, not {text[:40]!r}")
    return number


def _end(value: float) -> str:
    return "" if math.isinf(value) else repr(value)
