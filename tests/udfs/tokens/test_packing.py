"""Token ids with their ends: no text ends a document, and every id fits its type."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tokenizers

from schemas.errors import UserError
from udfs.tokens.packing import packing
from udfs.tokens.tokenizer import load_tokenizer

# a text in each of some scripts, what looks like special tokens, nothing, and a long one
TEXTS = [
    "",
    " ",
    "\n\n",
    "The llama, a quiet animal.",
    "Ζεῦ πάτερ", "Съешь ещё этих мягких", "שלום עולם", "مرحبا بالعالم", "नमस्ते दुनिया",
    "สวัสดีชาวโลก", "吾輩は猫である", "안녕하세요", "გამარჯობა", "Բարեւ", "ሰላም", "🦙👨‍👩‍👧",
    "<s>", "</s>", "<s>a</s>b<unk>[INST]", "<|endoftext|>", "a<|endoftext|>b <|pad|>",
    "\x00 nul \u2028 \x85 \r\n",
    "half \ud800 a pair",
    "def f(x):\n\treturn x  # 12345\n" * 3000,
]  # fmt: skip


def byte_level(folder: Path, special: list[str], more: int = 0) -> str:
    """A tokenizer.json of bytes, in which special tokens come last."""
    from tokenizers import Tokenizer, models, pre_tokenizers

    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {char: i for i, char in enumerate(alphabet)}
    vocabulary |= {f"more{i}": len(alphabet) + i for i in range(more)}
    made = Tokenizer(models.BPE(vocabulary, []))
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.add_special_tokens(special)
    folder.mkdir(parents=True, exist_ok=True)
    made.save(str(folder / "tokenizer.json"))
    return str(folder / "tokenizer.json")


def test_counts_are_the_tokenizer_s_own_on_every_text(tmp_path: Path) -> None:
    import sentencepiece

    from udfs.tokens.tokenizer import tokenizer_path

    path = byte_level(tmp_path, ["</s>", "<|endoftext|>"])
    bare = tokenizers.Tokenizer.from_file(path)
    processor = sentencepiece.SentencePieceProcessor(model_file=str(tokenizer_path()))
    read = [text.encode("utf-8", "replace").decode() for text in TEXTS]
    expected = [len(bare.encode(text, add_special_tokens=False).ids) for text in read]
    assert load_tokenizer(path).count(TEXTS) == expected
    assert load_tokenizer().count(TEXTS) == [len(processor.encode(text)) for text in read]
    assert expected[TEXTS.index("</s>")] == 1


@pytest.mark.parametrize("kind", ["SentencePiece", "tokenizer.json"])
def test_a_text_that_spells_an_end_does_not_end_a_document(tmp_path: Path, kind: str) -> None:
    path = None if kind == "SentencePiece" else byte_level(tmp_path, ["<|endoftext|>", "</s>"])
    made = packing(path, None, "int32")
    tokenizer, pack = load_tokenizer(path), made.packer()
    for text in TEXTS:
        ids = pack(text).tolist()
        assert ids[-1] == made.end
        assert made.end not in ids[:-1]
        if "<" not in text:
            assert ids[:-1] == tokenizer.encode(text)
    # and the tokenizer is as it was
    assert tokenizer.count(["</s>"]) == [len(tokenizer.encode("</s>"))]


def test_the_end_is_named_found_beside_or_well_known(tmp_path: Path) -> None:
    path = byte_level(tmp_path / "known", ["<pad>", "<|endoftext|>"])
    assert packing(path, None, "int32").end == 257
    assert packing(path, "<pad>", "int32").end == 256
    for name, said in (("text", "<stop>"), ("token", {"content": "<stop>", "special": True})):
        path = byte_level(tmp_path / name, ["<|endoftext|>", "<stop>"])
        content = json.dumps({"eos_token": said})
        (tmp_path / name / "tokenizer_config.json").write_text(content)
        assert packing(path, None, "int32").end == 257
    assert packing(None, None, "int32").end == 2
    assert packing(None, "<s>", "int32").end == 1


def test_texts_that_cannot_be_packed_are_an_error(tmp_path: Path) -> None:
    path = byte_level(tmp_path / "none", ["<pad>"])
    with pytest.raises(UserError, match="which token ends a document: name it with --eod"):
        packing(path, None, "int32")
    with pytest.raises(UserError, match="no special token 'a'"):
        packing(path, "a", "int32")
    with pytest.raises(UserError, match="no special token '▁the'"):
        packing(None, "▁the", "int32")
    # as a file may have it: numbers with holes
    content = json.loads(Path(path).read_text())
    content["model"]["vocab"]["far"] = 2**31
    far = tmp_path / "far.json"
    far.write_text(json.dumps(content))
    with pytest.raises(UserError, match="ids up to 2,147,483,648, but int32 holds 2,147,483,647"):
        packing(str(far), "<pad>", "int32")
    assert packing(str(far), "<pad>", "uint32").dtype == "uint32"


@pytest.mark.parametrize(("size", "dtype"), [(65_499, "uint16"), (65_500, "int32")])
def test_the_type_is_the_smallest(tmp_path: Path, size: int, dtype: str) -> None:
    path = byte_level(tmp_path, ["</s>"], more=size - 257)
    made = packing(path, None, "int32")
    assert (made.dtype, made.end) == (dtype, size - 1)
    ids: Any = made.packer()("a")
    assert (ids.dtype, ids[-1]) == (np.dtype(dtype), size - 1)
