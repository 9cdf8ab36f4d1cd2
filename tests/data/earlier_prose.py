"""English prose that is drawn from a few patterns, the same for the same name."""

from __future__ import annotations

import random

_WORDS = {
    slot: words.split()
    for slot, words in (
        line.split(": ")
        for line in """\
adjective: old quiet narrow wooden bright northern patient careful forgotten modest
noun: harbour garden mill orchard lantern bridge workshop kitchen meadow chapel
plural: boats apples letters stones recipes tools barrels windows ledgers nets
verb: keeps repairs remembers sells measures describes collects paints
person: keeper baker teacher carpenter clerk gardener sailor neighbour
town: Thornby Maldon Ashwick Fenbury Overcombe Larkham Stowell Wexcombe
time: spring autumn winter summer market-day harvest midsummer Sunday""".splitlines()
    )
}
_SENTENCES = (
    "The {adjective} {noun} of {town} {verb} more {plural} than anyone expected this {time}.",
    "Every {time} the {person} {verb} the {adjective} {plural} beside the {noun}.",
    "A {person} from {town} once wrote that {plural} belong in a {adjective} {noun}.",
    "Nobody in {town} knows why the {noun} {verb} its {plural} before {time}.",
    "When {time} comes, the {adjective} {noun} is full of {plural} and the {person} rests.",
    "It took the {person} two years to move the {plural} from {town} to the {noun}.",
)


class Writer:
    """Prose that is the same for the same name."""

    def __init__(self, name: str) -> None:
        self._random = random.Random(name)

    def sentence(self) -> str:
        words = {slot: self._random.choice(choices) for slot, choices in _WORDS.items()}
        return self._random.choice(_SENTENCES).format(**words)

    def paragraph(self, sentences: int = 4) -> str:
        return " ".join(self.sentence() for _ in range(sentences))

    def text(self, paragraphs: int = 3) -> str:
        return "\n".join(self.paragraph() for _ in range(paragraphs))


def edited(text: str) -> str:
    """Return the text with another last word: a near-duplicate."""
    return text.rpartition(" ")[0] + " afterwards."


SHARED = Writer("shared").text(4)
"""Stands in common_crawl twice, in c4 but for a word, and in wikipedia but for a word."""
