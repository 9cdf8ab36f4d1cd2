"""Chat templates: ChatML's and Llama 3's, and any that a `tokenizer_config.json` has."""

from __future__ import annotations

import functools
import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from schemas.errors import UserError, one_line
from udfs.chat.jinja_template import JinjaTemplate
from udfs.chat.segments import NotRepresentable, Row, Segment, chatml, llama3
from udfs.models.model_files import version_of

MARKER = "marker-in-text"

_SPECIAL = re.compile(r"<\|[\w .\-]{1,40}\|>|\[/?INST\]|<</?SYS>>|<(?:start|end)_of_turn>|</?s>")
_LARGEST = 1 << 20  # bytes of a template

BUILT_IN: Mapping[str, Callable[[Sequence[Row]], Iterator[Segment]]] = {
    "chatml": chatml,
    "llama3": llama3,
}
_MARKERS = {
    "chatml": ("<|im_start|>", "<|im_end|>"),
    "llama3": ("<|begin_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"),
}


@dataclass(frozen=True)
class ChatTemplate:
    """The form in which a conversation is written for a model.

    Attributes
    ----------
    name
        Name of the template, or of its file.
    digest
        SHA-1 of a file's template and tokens; the name of another one.
    markers
        Texts that it uses as marks of turns, and the tokenizer's other special tokens.
    """

    name: str
    digest: str
    markers: tuple[str, ...]
    _render: Callable[[Sequence[Row]], Iterable[Segment]]

    def segments(self, messages: Sequence[Row]) -> list[Segment]:
        """Return the segments of a conversation.

        Raises
        ------
        NotRepresentable
            The template refuses it, as roles that do not alternate; or a call of a tool, which a
            template writes itself, holds a marker.
        """
        self._check(row["extra"] for row in messages if row["extra"])
        return [segment for segment in self._render(messages) if segment.text]

    def text_segments(self, messages: Sequence[Row]) -> list[Segment]:
        """Return the segments of a conversation to be stored as one text.

        Raises
        ------
        NotRepresentable
            As for `segments`; or a content holds a marker, which whoever reads the text would take for
            a turn.
        """
        contents = [row["content"] or "" for row in messages]
        self._check(contents)
        return self.segments(messages)

    def _check(self, texts: Iterable[str]) -> None:
        if any(marker in text for text in texts for marker in self.markers):
            raise NotRepresentable(MARKER)


def load(name: str) -> ChatTemplate:
    """Return a template by name, or of a `tokenizer_config.json` or a file of Jinja.

    Raises
    ------
    UserError
        There is no such file, or it holds no template.
    """
    if name in BUILT_IN:
        return ChatTemplate(name, name, _MARKERS[name], BUILT_IN[name])
    path = Path(name)
    if not path.is_file():
        known = ", ".join(BUILT_IN)
        raise UserError(f"--chat-template: no file {name}, and no template of {known}")
    return _of_file(path, version_of(path))


@functools.lru_cache
def _of_file(path: Path, version: tuple[int, ...]) -> ChatTemplate:
    if path.stat().st_size > _LARGEST and path.suffix != ".json":
        raise UserError(f"--chat-template: {path} is larger than a template")
    source, tokens = _source(path)
    markers = sorted({*_SPECIAL.findall(source), *filter(str.strip, tokens.values())})
    try:
        template = JinjaTemplate(source, tokens, markers)
    except ValueError as error:
        raise UserError(f"--chat-template: {path} is no template: {one_line(error)}") from error
    digest = hashlib.sha1(json.dumps([source, tokens], sort_keys=True).encode()).hexdigest()
    return ChatTemplate(path.name, digest, tuple(markers), template.segments)


def _source(path: Path) -> tuple[str, dict[str, str]]:
    """Return a file's template, and the special tokens that it may name."""
    text = path.read_text(encoding="utf-8")
    beside = path if path.suffix == ".json" else path.with_name("tokenizer_config.json")
    config: Any = {}
    if beside.is_file():
        try:
            config = json.loads(beside.read_text(encoding="utf-8"))
        except ValueError as error:
            raise UserError(f"--chat-template: {beside} is not JSON: {one_line(error)}") from error
    if not isinstance(config, dict):
        config = {}
    source: Any = text
    if path.suffix == ".json":
        source = config.get("chat_template")
        if isinstance(source, list):  # several by name
            named = {item.get("name"): item.get("template") for item in source}
            source = named.get("default")
        if not isinstance(source, str):
            raise UserError(f"--chat-template: {path} has no chat_template")
    return source, dict(_tokens(config))


def _tokens(config: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield names and texts of special tokens: a text, or an object that has it as `content`."""
    for name, token in config.items():
        if name.endswith("_token"):
            text = token.get("content") if isinstance(token, Mapping) else token
            if isinstance(text, str):
                yield name, text
    added = config.get("added_tokens_decoder")
    for name, token in (added if isinstance(added, Mapping) else {}).items():
        if isinstance(token, Mapping) and token.get("special") and token.get("content"):
            yield f"added_{name}", str(token["content"])
