"""Encoders that return the ids of sentencepiece and tokenizers in a fraction of the time.

Each is used only for the kinds of models for which it returned equal ids on all of 100,000 texts: real
pages and books cut anywhere, 38 scripts, control characters, long runs, and names of special tokens. On
2,061 web pages (10.7 MB), in MB/s of one core with nothing known from earlier texts:

| library | Mistral's SentencePiece model | a tokenizer.json of byte-level BPE |
| --- | ---: | ---: |
| sentencepiece 0.2.3, tokenizers 0.23 | 3.4 | 2.4 |
| kitoken 0.11 | 15 | 17, 45 texts differ |
| fastokens 0.3 | reads none | 54 |
| tokie 0.1 | reads none | 30, 26 texts differ |
| gigatoken 0.10 | 33, 6,974 texts differ | 80 |

gigatoken takes `<s>` in a text for the special token, keeps all words that it has met in memory, and needs
a compiled package of arrays. kitoken differs on Unigram models, and where a model trims blanks, normalizes,
lacks bytes or has entries that span words; fastokens on added tokens that compete with each other.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

Encode = Callable[[str], list[int]]

_BLANK = "\u2581"  # how SentencePiece writes a space
_AS_BLANK = {"Replace": {"pattern": {"String": " "}, "replacement": _BLANK}}
_BEFORE_TEXT = {"Extend": {"character": _BLANK, "left": 1, "right": 0, "pad": False}}
_SPANS_WORDS = re.compile(rf"\n|[^{_BLANK}]{_BLANK}")
# before a run of blanks or newlines; no token spans it
_BOUNDARY = re.compile(rf"(?<=[^ {_BLANK}\n])[ \n]")
# characters to encode at a time: the ids of more would take too much memory
PART = 1 << 20

_PRE_TOKENIZERS = ("Sequence", "Split", "Digits", "ByteLevel")
_NORMALIZERS = (None, "NFC")


class WordEncoder:
    """Encodes as a SentencePiece BPE model whose entries lie within words, by kitoken.

    Parameters
    ----------
    encode
        kitoken's.
    """

    def __init__(self, encode: Encode) -> None:
        self._encode = encode
        self._newline = len(encode("\n"))  # the model may put a blank before a text

    @classmethod
    def of(cls, processor: Any) -> WordEncoder | None:
        """Return the encoder for a `sentencepiece.SentencePieceProcessor`; None for other kinds."""
        from kitoken import Kitoken

        pieces = map(processor.id_to_piece, range(processor.get_piece_size()))
        if any(_SPANS_WORDS.search(piece) for piece in pieces):
            return None
        try:
            encoder = Kitoken.from_sentencepiece(processor.serialized_model_proto())
        except ValueError:
            return None
        settings = encoder.config()
        is_known = (
            "BytePair" in encoder.definition()["model"]
            and settings["fallback"][0] == "Bytes"
            and settings["normalization"] in ([_AS_BLANK], [_AS_BLANK, _BEFORE_TEXT])
        )
        return cls(encoder.encode) if is_known else None

    def encode(self, text: str) -> list[int]:
        """Return the ids of a text."""
        if len(text) <= PART:
            return self._encode(text)
        return [id_ for ids in self._encoded_parts(text) for id_ in ids]

    def count(self, text: str) -> int:
        """Return the number of ids, without holding those of a long text."""
        if len(text) <= PART:
            return len(self._encode(text))
        return sum(map(len, self._encoded_parts(text)))

    def _encoded_parts(self, text: str) -> Iterator[list[int]]:
        start = 0
        while start < len(text):
            boundary = _BOUNDARY.search(text, start + PART)
            end = boundary.start() if boundary else len(text)
            if start == 0:
                yield self._encode(text[:end])
            else:
                # after a newline, with which nothing joins, a part has the ids that it has in the text
                yield self._encode("\n" + text[start:end])[self._newline :]
            start = end


def of_tokenizer_json(content: str, added: Mapping[str, int]) -> Any:
    """Return fastokens' tokenizer for the content of a tokenizer.json; None for other kinds.

    Parameters
    ----------
    added
        The ids that tokenizers gives to added tokens; they may be others than those of the file.
    """
    from fastokens import Tokenizer

    if not _is_plain_bpe(json.loads(content), added):
        return None
    try:
        tokenizer = Tokenizer.from_json_str(content)
    except ValueError:  # a kind that it does not have
        return None
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def _is_plain_bpe(content: dict[str, Any], added: Mapping[str, int]) -> bool:
    """Return whether a tokenizer.json is of the kind on which the libraries agree."""
    model, normalizer = content["model"], content.get("normalizer")
    tokens = content.get("added_tokens") or []
    normalized = {token.get("normalized", False) for token in tokens}
    return (
        model.get("type") == "BPE"
        and not model.get("dropout")
        and (normalizer and normalizer["type"]) in _NORMALIZERS
        and set(_kinds(content.get("pre_tokenizer"))) <= set(_PRE_TOKENIZERS)
        and "ByteLevel" in _kinds(content.get("pre_tokenizer"))
        and (len(normalized) <= 1 if normalizer is None else True not in normalized)
        and all(added.get(token["content"]) == token["id"] for token in tokens)
    )


def _kinds(pre_tokenizer: dict[str, Any] | None) -> list[str]:
    if pre_tokenizer is None:
        return []
    parts = pre_tokenizer.get("pretokenizers", [])
    return [pre_tokenizer["type"], *(kind for part in parts for kind in _kinds(part))]
