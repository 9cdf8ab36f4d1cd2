"""A chat template of Jinja, run in a sandbox.

The template never sees a content: each content is a word of its own in what it renders, and is put in its
place afterwards. So no content can be markup, and where contents are, and which of them are answers, is known
without guessing. Blanks around a content stay around its word, for templates that strip them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import jinja2
from jinja2 import nodes
from jinja2.ext import Extension, loopcontrols
from jinja2.parser import Parser
from jinja2.sandbox import ImmutableSandboxedEnvironment

from udfs.chat.segments import NotRepresentable, Row, Segment, is_learnt
from udfs.extract.time_limit import Limited

REFUSED = "template-refused"

# characters that no text should have: private use, with the number of a message between them
_OPEN, _CLOSE = "\ue0a0\ue0a1", "\ue0a1\ue0a0"
_LEARN, _STOP = "\ue0a2\ue0a3", "\ue0a3\ue0a2"
_MARKS = re.compile(f"({_OPEN}\\d+{_CLOSE}|{_LEARN}|{_STOP})")
_CALLS = ("tool_calls", "name", "tool_call_id")


class JinjaTemplate:
    """A template.

    Parameters
    ----------
    tokens
        Special tokens by the names that the template has for them, as `eos_token`.
    ends
        Marks of turns: the one that ends an answer is learnt too.

    Raises
    ------
    ValueError
        It is no Jinja.
    """

    def __init__(self, source: str, tokens: Mapping[str, str], ends: Sequence[str]) -> None:
        try:
            self._template = _environment().from_string(source)
        except (jinja2.TemplateError, RecursionError) as error:
            raise ValueError(str(error)) from error
        self._tokens = tokens
        self._ends = sorted(ends, key=len, reverse=True)
        self._is_tracked = "endgeneration" in source

    def segments(self, messages: Sequence[Row]) -> Iterator[Segment]:
        """Yield the segments of a conversation.

        Raises
        ------
        NotRepresentable
            The template refuses it, or takes too long.
        """
        cores = [(row["content"] or "").strip() for row in messages]
        is_learning = is_ending = False
        for part in _MARKS.split(self._rendered(messages, cores)):
            if part in (_LEARN, _STOP):
                is_learning = part == _LEARN
            elif part.startswith(_OPEN):
                number = int(part[len(_OPEN) : -len(_CLOSE)])
                if number >= len(messages):
                    raise NotRepresentable(REFUSED)
                row = messages[number]
                learnt = is_learnt(row) and (is_learning or not self._is_tracked)
                yield Segment(cores[number], False, learnt)
                is_ending = learnt and not self._is_tracked
            elif part:
                yield from self._markup(part, is_learning, is_ending)
                is_ending = False

    def _markup(self, part: str, is_learning: bool, is_ending: bool) -> Iterator[Segment]:
        end = next((mark for mark in self._ends if part.startswith(mark)), "") if is_ending else ""
        if end:
            yield Segment(end, True, True)
        yield Segment(part[len(end) :], True, is_learning)

    def _rendered(self, messages: Sequence[Row], cores: Sequence[str]) -> str:
        given = [
            {"role": row["role"], "content": _with_word(row, core, i), **_calls(row)}
            for i, (row, core) in enumerate(zip(messages, cores, strict=True))
        ]
        try:
            with Limited():
                return self._template.render(
                    messages=given, add_generation_prompt=False, **self._tokens
                )
        except (
            Exception
        ) as error:  # whatever fails in a template is its refusal of this conversation
            raise NotRepresentable(REFUSED) from error


def _with_word(row: Row, core: str, number: int) -> str:
    content = row["content"] or ""
    return content.replace(core, f"{_OPEN}{number}{_CLOSE}", 1) if core else content


def _calls(row: Row) -> dict[str, Any]:
    if not row["extra"]:
        return {}
    if _MARKS.search(row["extra"]):
        raise NotRepresentable(REFUSED)
    extra = json.loads(row["extra"])
    return {key: extra[key] for key in _CALLS if key in extra}


def _environment() -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[loopcontrols, Generation]
    )
    environment.globals["raise_exception"] = _refuse
    environment.filters["tojson"] = _to_json
    return environment


def _refuse(message: str) -> None:
    raise jinja2.TemplateError(message)


def _to_json(value: Any, **options: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=options.get("indent"))


class Generation(Extension):
    """The block `{% generation %}`, with which templates mark what the assistant writes."""

    tags = {"generation"}  # noqa: RUF012

    def parse(self, parser: Parser) -> nodes.Node:
        """Return the block's node: its body between two marks."""
        line = next(parser.stream).lineno
        body = parser.parse_statements(("name:endgeneration",), drop_needle=True)
        call = self.call_method("_marked")
        return nodes.CallBlock(call, [], [], body).set_lineno(line)

    def _marked(self, caller: Callable[[], str]) -> str:
        return f"{_LEARN}{caller()}{_STOP}"
