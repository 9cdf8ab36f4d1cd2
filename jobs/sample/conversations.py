"""The questions and answers of the sample's conversations, fifteen in each of four languages."""

from __future__ import annotations

import functools
import re
from importlib import resources
from typing import NamedTuple

SETS = ("dolly", "oasst", "hh_rlhf")
"""The sets that share the conversations."""

_SENTENCE = re.compile(r".*?[.!?](?=\s|$)", re.DOTALL)


class Exchange(NamedTuple):
    """A question and its answer."""

    language: str
    question: str
    answer: str

    @property
    def short_answer(self) -> str:
        """The first sentence of the answer."""
        first = _SENTENCE.match(self.answer)
        return first[0] if first else self.answer


@functools.cache
def exchanges() -> tuple[Exchange, ...]:
    """Return all exchanges; a language's name precedes its lines, questions and answers in turn."""
    file = resources.files("jobs.sample") / "texts" / "conversations.txt"
    all_exchanges: list[Exchange] = []
    language, question = "", ""
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            language = line[2:]
        elif question:
            all_exchanges.append(Exchange(language, question, line))
            question = ""
        else:
            question = line
    return tuple(all_exchanges)


def of_set(name: str) -> list[Exchange]:
    """Return the exchanges of one of `SETS`: every third of all."""
    return list(exchanges()[SETS.index(name) :: len(SETS)])
