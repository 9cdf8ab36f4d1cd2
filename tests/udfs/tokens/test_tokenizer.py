"""Token counts equal the bare tokenizers' on every text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from schemas.errors import UserError
from udfs.tokens.tokenizer import SentencePieceTokenizer, load_tokenizer, tokenizer_path

# blanks in runs and at the ends, newlines, SentencePiece's own sign for a blank, bytes without a
# token of their own, what looks like special tokens, and letters that join
PARTS = ["a", "the", " ", "  ", "     ", "\n", "\n\n", "\r\n", "\t", "\u2581", "\u2581\u2581", "é"]
PARTS += [
    "<s>",
    "</s>",
    "<0x0A>",
    "\x00",
    "\u3000",
    "\xa0",
    "吾輩",
    "😀",
    "\U000e0100",
    "12345",
    "=",
]
texts = st.lists(st.one_of(st.sampled_from(PARTS), st.text(max_size=8)), max_size=20).map("".join)


@pytest.fixture(scope="module")
def bare() -> Any:
    import sentencepiece

    return sentencepiece.SentencePieceProcessor(model_file=str(tokenizer_path()))


@given(texts)
@settings(max_examples=400)
@example("")
@example(" ")
@example("\n")
@example(" \n \u2581 ")
@example("a  \n  b ")
def test_counts_are_those_of_sentencepiece(text: str) -> None:
    tokenizer = load_tokenizer()
    assert isinstance(tokenizer, SentencePieceTokenizer)
    expected = len(tokenizer._processor.encode(text))
    assert tokenizer.count([text]) == [expected]
    assert tokenizer.count([text]) == [expected]  # its words being known now
    assert len(tokenizer.encode(text)) == expected


@pytest.mark.parametrize("name", ["botchan.txt", "wagahaiwa_nekodearu.txt"])
def test_real_books(name: str, bare: Any, shared_data: Path) -> None:
    book = (shared_data / "books" / name).read_text(encoding="utf-8")
    texts = [book[i : i + 2000] for i in range(0, len(book), 2000)] + [book.replace("\n", " ")]
    expected = [len(ids) for ids in bare.encode(texts, num_threads=1)]
    assert load_tokenizer().count(texts) == expected


def test_null_empty_and_half_a_surrogate_pair() -> None:
    tokenizer = load_tokenizer()
    assert tokenizer.count([None, "", "a \ud800"]) == [0, 0, tokenizer.count(["a ?"])[0]]
    assert tokenizer.encode("a \ud800") == tokenizer.encode("a ?")


def test_no_token_for_beginning_or_end(bare: Any) -> None:
    ids = load_tokenizer().encode("hello")
    assert bare.decode(ids) == "hello"
    assert not {bare.bos_id(), bare.eos_id()} & set(ids)


@pytest.fixture(scope="module")
def words_json(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tokenizer.json that adds special tokens, pads and truncates unless told not to."""
    import tokenizers

    vocabulary = {"[UNK]": 0, "[CLS]": 1, "a": 2, "b": 3}
    tokenizer = tokenizers.Tokenizer(tokenizers.models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    tokenizer.post_processor = tokenizers.processors.TemplateProcessing(
        single="[CLS] $A", special_tokens=[("[CLS]", 1)]
    )
    tokenizer.enable_truncation(2)
    tokenizer.enable_padding(length=5)
    path = tmp_path_factory.mktemp("tokenizer") / "tokenizer.json"
    tokenizer.save(str(path))
    return path


def test_a_hugging_face_tokenizer(words_json: Path) -> None:
    tokenizer = load_tokenizer(words_json)
    assert tokenizer.name == "tokenizer.json"
    assert tokenizer.encode("a b c a") == [2, 3, 0, 2]
    assert tokenizer.count(["a b c a", "", None, "\ud800"]) == [4, 0, 0, 1]


def test_a_tokenizer_is_loaded_once() -> None:
    assert load_tokenizer() is load_tokenizer()
    assert load_tokenizer().name == "tokenizer.model.v1"


@pytest.mark.parametrize("name", ["tokenizer.json", "tokenizer.model"])
def test_a_damaged_or_missing_tokenizer_is_an_error(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    with pytest.raises(UserError, match="cannot read the model"):
        load_tokenizer(path)
    path.write_bytes(b"{")
    with pytest.raises(UserError, match=f"{name} is not a .*damaged"):
        load_tokenizer(path)
