"""Texts of the sample: prose by topic, and grammars of generated sentences."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from importlib import resources

from jobs.sample.draw import Grammar

LANGUAGES = ("en", "de", "fr", "es", "it")
GUESTS = ("ru", "ja")
"""Languages with a few paragraphs and no model, so that their pages fall into bucket `all`."""

# the prose has no abbreviations, so a full stop and a capital always separate sentences
SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[^\W\d_a-zà-ÿ])")


@dataclass(frozen=True)
class Topic:
    """A title and a few paragraphs on one subject."""

    title: str
    paragraphs: tuple[str, ...]


def read_text(name: str) -> str:
    """Return one of the sample's text files."""
    return (resources.files("jobs.sample") / "texts" / name).read_text(encoding="utf-8")


@functools.cache
def topics(language: str) -> tuple[Topic, ...]:
    """Return the topics of a language in the file's order."""
    topics_ = []
    for part in re.split(r"^# ", read_text(f"{language}.txt"), flags=re.MULTILINE)[1:]:
        title, *paragraphs = (line for line in part.splitlines() if line)
        topics_.append(Topic(title, tuple(paragraphs)))
    return tuple(topics_)


@functools.cache
def grammar(language: str) -> Grammar:
    """Return the grammar of a language."""
    return Grammar(read_text(f"{language}.grammar.txt"))


def sentences(paragraph: str) -> list[str]:
    """Return the sentences of a paragraph of the prose."""
    return SENTENCE_END.split(paragraph)


@functools.cache
def vocabulary(language: str) -> tuple[str, ...]:
    """Return the lower-case words of at least five letters in a language's prose, sorted."""
    words = {
        word
        for topic in topics(language)
        for paragraph in topic.paragraphs
        for word in re.findall(r"\b[^\W\d_A-ZÀ-Þ]{5,}\b", paragraph)
    }
    return tuple(sorted(words))
