"""Resolve the language converter's marks -{...}-, which keep a text from conversion between scripts."""

from __future__ import annotations

import re

_MARK = re.compile(r"-\{([^{}]{0,2000})\}-")
_VARIANT = re.compile(r"\s*([a-z]{2,3}(?:-[a-z]{2,8}){0,2})\s*:\s*([^;]*)")
_FLAGS = re.compile(r"\s*([A-Z+-]|[a-z]{2,3}(?:-[a-z]+)?)(?:\s*;\s*[A-Za-z-]+)*\s*")
_HIDDEN = frozenset("HT-")  # rules for the rest of the page, its title
# of several variants a reader sees the first that is in the list, else the first
_PREFERRED = ("zh-hans", "zh-cn", "sr-ec", "sr-cyrl")
_MAX_DEPTH = 3  # marks within marks


def without_variants(text: str) -> str:
    """Return a text in which the marks hold what a reader sees, of several variants one.

    >>> without_variants("„-{Abgeordnetenhaus}-“ -{zh-hant:電腦;zh-hans:计算机}-")
    '„Abgeordnetenhaus“ 计算机'
    """
    for _ in range(_MAX_DEPTH):
        resolved = _MARK.sub(_shown, text)
        if resolved == text:
            break
        text = resolved
    return text


def _shown(match: re.Match[str]) -> str:
    flags, bar, text = match[1].partition("|")
    if not bar:
        text = flags
    elif not _FLAGS.fullmatch(flags):
        text = match[1]
    elif flags.strip() in _HIDDEN:
        return ""
    variants = {
        variant[1]: variant[2].strip()
        for part in text.split(";")
        if (variant := _VARIANT.fullmatch(part.partition("=>")[2] or part))
    }
    if not variants:
        return text
    return next(
        (variants[code] for code in _PREFERRED if code in variants), next(iter(variants.values()))
    )
