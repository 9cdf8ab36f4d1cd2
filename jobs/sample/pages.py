"""Contents of pages before markup, with one function per kind of page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from jobs.sample.draw import Draw, capital
from jobs.sample.prose import grammar, sentences, topics

BlockKind = Literal["heading", "paragraph", "list", "steps", "table", "post", "code"]


@dataclass(frozen=True)
class Block:
    """A block of a page.

    Attributes
    ----------
    kind
        Kind of the block.
    lines
        One line for a heading, paragraph or code; the items of a list; for a post its author and
        date, then its paragraphs; for a table its rows, first the head, with cells separated by
        tabs.
    """

    kind: BlockKind
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Site:
    """A web site with one template, one kind of page and one set of boilerplate."""

    host: str
    name: str
    language: str
    kind: str


@dataclass(frozen=True)
class Page:
    """A page's content without boilerplate."""

    site: Site
    path: str
    title: str
    blocks: tuple[Block, ...]

    @property
    def url(self) -> str:
        """URL of the page."""
        return f"https://{self.site.host}/{self.path}"

    @property
    def text(self) -> str:
        """Title and lines as plain text, without the boilerplate of the site."""
        return "\n".join([self.title, *(line for block in self.blocks for line in block.lines)])


class Writer:
    """Writes the blocks of one page, all from one draw."""

    def __init__(self, language: str, draw: Draw) -> None:
        self.language, self.draw = language, draw
        self.grammar = grammar(language)
        self.bound: dict[str, str] = {}

    def line(self, rule: str) -> str:
        """Return one alternative of a rule as a capitalised line."""
        return capital(self.grammar.write(rule, self.draw, self.bound))

    def lines(self, rule: str, low: int, high: int) -> tuple[str, ...]:
        """Return `low` to `high` different alternatives of a rule as capitalised lines."""
        count = self.draw.number(low, high)
        return tuple(map(capital, self.grammar.several(rule, count, self.draw, self.bound)))

    def block(self, **rules: int) -> Block:
        """Return a paragraph with the given number of sentences per rule."""
        return Block("paragraph", (self.grammar.paragraph(rules, self.draw, self.bound),))

    def heading(self) -> Block:
        """Return a heading between paragraphs."""
        return Block("heading", (self.line("heading"),))

    def label(self, index: int) -> Block:
        """Return a fixed heading of the kind of page."""
        return Block("heading", (self.grammar.rules["labels"][index],))

    def prose(self, paragraph: str) -> Block:
        """Return a paragraph of the prose with one sentence removed and a generated one inserted.

        No two pages therefore share a paragraph, although they share prose.
        """
        kept = sentences(paragraph)
        kept.pop(self.draw.number(1, len(kept) - 1))
        kept.insert(self.draw.number(1, len(kept)), self.line("note"))
        return Block("paragraph", (" ".join(kept),))


def article(write: Writer) -> tuple[str, list[Block]]:
    """Return an article of a magazine on one topic."""
    topic = write.draw.pick(topics(write.language))
    first, second = write.draw.some(topic.paragraphs, 2)
    title = f"{topic.title}: {write.line('heading')} ({write.line('town')})"
    blocks = [write.prose(first), write.block(note=3), write.heading(), write.prose(second)]
    return title, [*blocks, write.block(note=write.draw.number(3, 4))]


def news(write: Writer) -> tuple[str, list[Block]]:
    """Return a report of a local paper, with the weather and an event."""
    blocks = [write.block(news=4), write.block(news=3), write.heading()]
    blocks += [write.block(weather=write.draw.number(3, 4)), write.heading()]
    return write.line("news_title"), [*blocks, write.block(event=write.draw.number(4, 5))]


def recipe(write: Writer) -> tuple[str, list[Block]]:
    """Return a recipe: a story, the ingredients and the steps."""
    blocks = [write.block(recipe_intro=3, note=1), write.label(0)]
    blocks += [Block("list", write.lines("ingredient", 6, 9)), write.label(1)]
    blocks += [Block("steps", write.lines("step", 5, 7)), write.block(recipe_intro=2)]
    return write.line("dish_title"), blocks


def product(write: Writer) -> tuple[str, list[Block]]:
    """Return a product of a shop, with a table of its data and reviews."""
    rows = ["\t".join(row.split(":", 1)).replace("\t ", "\t") for row in write.lines("spec", 6, 8)]
    blocks = [write.block(product_text=4), write.label(2), Block("table", tuple(rows))]
    blocks += [write.block(product_text=2), write.label(3)]
    return write.line("product_title"), [*blocks, Block("list", write.lines("review", 3, 4))]


def thread(write: Writer) -> tuple[str, list[Block]]:
    """Return a question on a forum and its answers."""
    rules: list[dict[str, int]] = [{"question": 3}]
    rules += [{"answer": write.draw.number(1, 2)} for _ in range(write.draw.number(4, 6))]
    rules += [{"question": 1}, {"answer": 2}]
    posts = []
    for rule in rules:
        byline = f"{write.line('nick').replace(' ', '')}, {write.line('date')}"
        posts.append(Block("post", (byline, *write.block(**rule).lines)))
    return write.line("question_title"), posts


def chronicle(write: Writer) -> tuple[str, list[Block]]:
    """Return the history of a town in notes and a table."""
    title = write.line("chronicle_title")
    year, people = write.draw.number(1790, 1830), write.draw.number(200, 4000)
    rows = ["\t".join(write.grammar.rules["years"])]
    for _ in range(write.draw.number(4, 6)):
        rows.append(f"{year}\t{people}\t{write.line('person')}")
        year, people = year + write.draw.number(8, 30), people + write.draw.number(-90, 400)
    blocks = [write.block(chronicle=4), write.block(chronicle=4), Block("table", tuple(rows))]
    return title, [*blocks, write.heading(), write.block(chronicle=4), write.block(weather=2)]


KINDS: dict[str, Callable[[Writer], tuple[str, list[Block]]]] = {
    "article": article,
    "news": news,
    "recipe": recipe,
    "product": product,
    "thread": thread,
    "chronicle": chronicle,
}
"""Kinds of pages by name; a site has one kind."""


def long_page(write: Writer) -> tuple[str, list[Block]]:
    """Return four long paragraphs of about a thousand words, enough for near-duplicates."""
    drawn = write.draw.some(topics(write.language), 8)
    blocks = []
    for part in range(4):
        prose = [write.prose(write.draw.pick(topic.paragraphs)) for topic in drawn[part::4]]
        notes = [write.block(chronicle=3), write.block(news=3)]
        lines = [block.lines[0] for block in (prose[0], notes[0], prose[1], notes[1])]
        blocks.append(Block("paragraph", (" ".join(lines),)))
    return f"{drawn[0].title}, {drawn[1].title} ({write.line('town')})", blocks
