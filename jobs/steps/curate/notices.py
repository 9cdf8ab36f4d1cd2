"""Tell what rules do to whole languages: those that judge no document, and those that drop most."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from jobs.steps.curate.filters import ALL, Rule

Group = tuple[str, str | None]
"""A slice and a language."""

_ENOUGH = 20  # documents of a language, below which a share says nothing
_AT_MOST = 10  # languages that a line names, and lines of one kind


def lines(
    rules: Sequence[Rule],
    documents: Mapping[Group, int],
    dropped: Mapping[tuple[str, Group], int],
) -> list[str]:
    """Return a line for each filter set and rule that the user should know of.

    Parameters
    ----------
    documents
        Number of documents, by slice and language.
    dropped
        Number of documents that a rule drops, by its name, slice and language.
    """
    if not any(documents.values()):
        return []
    return [*_not_judged(rules, documents), *_never(rules, documents), *_most(documents, dropped)]


def _not_judged(rules: Sequence[Rule], documents: Mapping[Group, int]) -> Iterator[str]:
    """Yield a line for each filter set with documents in languages that it was not made for."""
    sets: dict[str, list[Rule]] = defaultdict(list)
    for rule in rules:
        if rule.languages is not None:
            sets[rule.name.partition("/")[0]].append(rule)
    for name, members in sets.items():
        made_for = sorted({code for rule in members for code in rule.languages or ()})
        slices = {slice_ for rule in members for slice_ in rule.slices}
        others: dict[str, int] = defaultdict(int)
        for (slice_, language), n in documents.items():
            if slice_ in slices and language is not None and language not in made_for:
                others[language] += n
        if others:
            yield (
                f"{name} is made for {_listed(made_for)}: it does not judge {sum(others.values()):,} "
                f"documents in {_listed(sorted(others))} (--filters NAME{ALL} judges all)"
            )


def _never(rules: Sequence[Rule], documents: Mapping[Group, int]) -> Iterator[str]:
    """Yield a line for each filter set with rules for other slices than there are."""
    sets: dict[str, list[str]] = defaultdict(list)
    for rule in rules:
        if not any(slice_ in rule.slices for (slice_, _), n in documents.items() if n):
            sets[rule.name.partition("/")[0]].append(rule.name.partition("/")[2])
    for name, unused in sets.items():
        yield f"{name} has rules for no document of these slices: {_listed(unused)}"


def _most(
    documents: Mapping[Group, int], dropped: Mapping[tuple[str, Group], int]
) -> Iterator[str]:
    """Yield a line for each rule and language of which the rule drops more than half."""
    of_language: dict[str, int] = defaultdict(int)
    for (_, language), n in documents.items():
        of_language[language or ""] += n
    by_rule: dict[tuple[str, str], int] = defaultdict(int)
    for (name, (_, language)), n in dropped.items():
        by_rule[name, language or ""] += n
    most = [
        (n, name, language)
        for (name, language), n in by_rule.items()
        if language and of_language[language] >= _ENOUGH and 2 * n > of_language[language]
    ]
    most.sort(key=lambda entry: (-entry[0], *entry[1:]))
    for n, name, language in most[:_AT_MOST]:
        yield f"{name} drops {n:,} of {of_language[language]:,} documents in {language}"
    if len(most) > _AT_MOST:
        yield f"other rules drop more than half of a language, too: {len(most) - _AT_MOST}"


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _AT_MOST} others" if len(names) > _AT_MOST else ""
    return ", ".join(names[:_AT_MOST]) + more
