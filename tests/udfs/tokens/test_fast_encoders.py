"""The fast encoders return the ids of sentencepiece and tokenizers, or are not used."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from udfs.tokens import fast_encoders
from udfs.tokens.fast_encoders import WordEncoder
from udfs.tokens.tokenizer import HuggingFaceTokenizer, SentencePieceTokenizer, tokenizer_path

SCRIPTS = [
    *((0x20, 0x7E), (0xA0, 0x24F), (0x370, 0x3FF), (0x400, 0x4FF), (0x590, 0x5FF), (0x600, 0x6FF)),
    *((0x900, 0x97F), (0xB80, 0xBFF), (0xE00, 0xE7F), (0x1000, 0x109F), (0x1200, 0x137F)),
    *((0x1780, 0x17FF), (0x2000, 0x206F), (0x2500, 0x25FF), (0x3000, 0x30FF), (0x4E00, 0x9FFF)),
    *((0xAC00, 0xD7A3), (0xE000, 0xE0FF), (0xFE00, 0xFFEF), (0x1F300, 0x1F6FF)),
    *((0x20000, 0x2A6DF), (0xE0000, 0xE01FF), (0, 0x1F), (0x7F, 0x9F)),
]
MARKS = ["<s>", "</s>", "<unk>", "<0x0A>", "\u2581", "\u2581\u2581", "<|endoftext|>", "<tool>"]
MARKS += ["\r\n", "\n\n", "    ", "\t", "\u2028", "\ufeff", "e\u0301", "ﬁ", "it's", "12345"]


def varied_texts(count: int, seed: int) -> Iterator[str]:
    """Yield texts of words of many scripts, marks, and long runs of either."""
    rng = random.Random(seed)

    def word() -> str:
        first, last = rng.choice(SCRIPTS)
        return "".join(chr(rng.randint(first, last)) for _ in range(rng.randint(1, 9)))

    for _ in range(count):
        joint = rng.choice([" ", "", "\n", "  "])
        parts = [
            word() if rng.random() < 0.5 else rng.choice(MARKS) for _ in range(rng.randint(1, 12))
        ]
        if rng.random() < 0.2:
            parts.append(rng.choice([word()[:1], " ", "\n", "="]) * rng.choice([3, 16, 17, 400]))
        yield joint.join(parts)


def processor(path: Path | str) -> Any:
    import sentencepiece

    return sentencepiece.SentencePieceProcessor(model_file=str(path))


def test_ids_of_mistral_are_those_of_sentencepiece() -> None:
    bare = processor(tokenizer_path())
    encoder = WordEncoder.of(bare)
    assert encoder is not None
    texts = ["", " ", "\n", " \n \u2581 ", *varied_texts(3000, seed=1)]
    assert [encoder.encode(text) for text in texts] == bare.encode(texts, num_threads=1)


@pytest.mark.parametrize("part", [1, 7, 64])
def test_long_texts_are_encoded_in_parts(part: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fast_encoders, "PART", part)
    bare = processor(tokenizer_path())
    encoder = WordEncoder.of(bare)
    assert encoder is not None
    edges = ["a ", "a  ", "a\n", " a", "a \n b", "a\u2581 b", "a \u2581b", "x" * 100]
    for text in [*edges, *varied_texts(300, seed=2)]:
        expected = bare.encode(text)
        assert encoder.encode(text) == expected
        assert encoder.count(text) == len(expected)


TRAINED: dict[str, tuple[dict[str, Any], bool]] = {
    "as Mistral's": ({}, True),
    "without a blank before the text": ({"add_dummy_prefix": False}, True),
    "digits apart": ({"split_digits": True}, True),
    "entries of several words": ({"split_by_whitespace": False}, False),
    "without bytes": ({"byte_fallback": False}, False),
    "normalized": ({"normalization_rule_name": "nmt_nfkc"}, False),
    "trimmed": ({"remove_extra_whitespaces": True}, False),
    "unigram": ({"model_type": "unigram"}, False),
}


@pytest.mark.parametrize("kind", TRAINED)
def test_only_kinds_with_equal_ids_are_encoded_fast(kind: str, tmp_path: Path) -> None:
    import sentencepiece

    options, is_fast = TRAINED[kind]
    own_text = Path(__file__).read_text(encoding="utf-8").splitlines()
    settings: dict[str, Any] = {
        # an entry of several words is learned only where they often stand together
        "sentence_iterator": iter(own_text + ["of the", "in the end"] * 50),
        "model_prefix": str(tmp_path / "trained"),
        "minloglevel": 2,
        "vocab_size": 500,
        "model_type": "bpe",
        "byte_fallback": True,
        "normalization_rule_name": "identity",
        "remove_extra_whitespaces": False,
    }
    sentencepiece.SentencePieceTrainer.train(**settings | options)
    bare = processor(tmp_path / "trained.model")
    assert (WordEncoder.of(bare) is not None) == is_fast
    tokenizer = SentencePieceTokenizer(bare, "trained")
    texts = list(varied_texts(300, seed=3))
    assert [tokenizer.encode(text) for text in texts] == bare.encode(texts, num_threads=1)


LLAMA_3 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|"
    r" ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
BYTES = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}
AFTER_SPLIT = {
    "type": "Sequence",
    "pretokenizers": [
        {"type": "Split", "pattern": {"Regex": LLAMA_3}, "behavior": "Isolated", "invert": False},
        BYTES | {"use_regex": False},
    ],
}
DIGITS = {"type": "Digits", "individual_digits": True}


def added(content: str, id_: int, **options: Any) -> dict[str, Any]:
    """Return an added token as tokenizer.json has it."""
    flags = dict.fromkeys(("single_word", "lstrip", "rstrip", "normalized"), False)
    return {"id": id_, "content": content, **flags, "special": True, **options}


TOOL = added("<tool>", 800)
CONTENTS: dict[str, tuple[dict[str, Any], bool]] = {
    "GPT-2's": ({}, True),
    "with a blank before the text": ({"pre_tokenizer": BYTES | {"add_prefix_space": True}}, True),
    "Llama 3's": ({"pre_tokenizer": AFTER_SPLIT, "model": {"ignore_merges": True}}, True),
    "Qwen's": ({"pre_tokenizer": AFTER_SPLIT, "normalizer": {"type": "NFC"}}, True),
    "digits apart": ({"pre_tokenizer": {**AFTER_SPLIT, "pretokenizers": [DIGITS, BYTES]}}, True),
    "a tool": ({"added_tokens": [TOOL | {"special": False, "lstrip": True}]}, True),
    "tokens that compete": (
        {"added_tokens": [TOOL, added("x<", 801, normalized=True)]},
        False,
    ),
    "an entry under another id": ({"added_tokens": [added("e", 800, special=False)]}, False),
    "an id with a gap before it": ({"added_tokens": [TOOL | {"id": 1000}]}, False),
    "lower case": ({"normalizer": {"type": "Lowercase"}}, False),
    "NFKC": ({"normalizer": {"type": "NFKC"}}, False),
}


@pytest.fixture(scope="module")
def byte_bpe() -> dict[str, Any]:
    """A trained tokenizer.json of byte-level BPE."""
    from tokenizers import Tokenizer, models, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = trainers.BpeTrainer(
        vocab_size=800,
        special_tokens=["<|endoftext|>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator([Path(__file__).read_text(encoding="utf-8")], trainer)
    content: dict[str, Any] = json.loads(tokenizer.to_str())
    return content


@pytest.mark.parametrize("kind", CONTENTS)
def test_ids_of_a_tokenizer_json_are_those_of_tokenizers(
    kind: str, byte_bpe: dict[str, Any]
) -> None:
    import tokenizers

    changes, is_fast = CONTENTS[kind]
    content = {**byte_bpe, **changes, "model": byte_bpe["model"] | changes.get("model", {})}
    content["added_tokens"] = byte_bpe["added_tokens"] + changes.get("added_tokens", [])
    own = HuggingFaceTokenizer(json.dumps(content), "trained")
    bare = tokenizers.Tokenizer.from_str(json.dumps(content))
    assert (own._fast is not None) == is_fast
    for special_as_text in (False, True):
        bare.encode_special_tokens = special_as_text
        encode = own.encode_text if special_as_text else own.encode
        for text in varied_texts(300, seed=4):
            expected = bare.encode(text, add_special_tokens=False).ids
            assert encode(text) == expected
            if not special_as_text:
                assert own.count([text]) == [len(expected)]
