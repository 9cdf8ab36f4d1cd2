"""Models in a folder: a vector a token, and ONNX."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer, models, pre_tokenizers

from jobs.steps.explore.map.embeddings import embedded
from schemas.errors import UserError

WORDS = {"[UNK]": 0, "river": 1, "bread": 2, "star": 3}
VECTORS = np.array([[0, 0], [1, 0], [0, 1], [3, 4]], np.float32)


def tokenizer(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    made = Tokenizer(models.WordLevel(WORDS, unk_token="[UNK]"))
    made.pre_tokenizer = pre_tokenizers.Whitespace()
    made.save(str(folder / "tokenizer.json"))
    return folder


def safetensors(path: Path, numbers: np.ndarray, name: str = "F32", **more: object) -> None:
    header = {
        "embeddings": {
            "dtype": name,
            "shape": numbers.shape,
            "data_offsets": [0, numbers.nbytes],
        },
        **more,
    }
    encoded = json.dumps(header).encode()
    path.write_bytes(len(encoded).to_bytes(8, "little") + encoded + numbers.tobytes())


@pytest.mark.parametrize(("name", "type_"), [("F32", "<f4"), ("F16", "<f2"), ("F64", "<f8")])
def test_static_embeddings_are_averaged(name: str, type_: str, tmp_path: Path) -> None:
    folder = tokenizer(tmp_path)
    safetensors(folder / "model.safetensors", VECTORS.astype(type_), name, __metadata__={})
    result = embedded(folder, ["river bread", "star", "", "star unknown"])
    assert result.tolist() == [[0.5, 0.5], [3, 4], [0, 0], [1.5, 2]]


def field(number: int, value: bytes | int | str) -> bytes:
    """Return a field in Protocol Buffers' wire format."""
    if isinstance(value, int):
        return bytes([number << 3]) + varint(value)
    content = value.encode() if isinstance(value, str) else value
    return bytes([number << 3 | 2]) + varint(len(content)) + content


def varint(value: int) -> bytes:
    parts = []
    while value > 127:
        parts.append(value & 127 | 128)
        value >>= 7
    return bytes([*parts, value])


def onnx_model() -> bytes:
    """Return a model whose output for each token is its row of VECTORS (onnx.proto3)."""
    weights = b"".join([*(field(1, n) for n in VECTORS.shape), field(2, 1), field(8, "w")])
    weights += field(9, VECTORS.tobytes())
    node = b"".join([field(1, "w"), field(1, "input_ids"), field(2, "out"), field(4, "Gather")])

    def tensor(name: str, type_: int, dimensions: int) -> bytes:
        shape = b"".join(field(1, field(2, f"d{i}{name}")) for i in range(dimensions))
        kind = field(1, type_) + field(2, shape)
        return field(1, name) + field(2, field(1, kind))

    graph = b"".join(
        [
            field(1, node),
            field(2, "graph"),
            field(5, weights),
            field(11, tensor("input_ids", 7, 2)),
            field(12, tensor("out", 1, 3)),
        ]
    )
    return field(1, 8) + field(7, graph) + field(8, field(1, "") + field(2, 13))


def test_onnx_is_averaged_over_the_tokens_that_are_there(tmp_path: Path) -> None:
    pytest.importorskip("onnxruntime")
    folder = tokenizer(tmp_path)
    (folder / "model.onnx").write_bytes(onnx_model())
    result = embedded(folder, ["river bread", "star"])
    assert result.tolist() == [[0.5, 0.5], [3, 4]]


def test_what_is_no_model_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"has no tokenizer\.json"):
        embedded(tmp_path, ["a"])
    (tmp_path / "tokenizer.json").write_text("{}")
    with pytest.raises(UserError, match="is no tokenizer"):
        embedded(tmp_path, ["a"])
    folder = tokenizer(tmp_path / "model")
    with pytest.raises(UserError, match=r"neither model\.safetensors nor model\.onnx"):
        embedded(folder, ["a"])
    path = folder / "model.safetensors"
    for content in (b"", b"\xff" * 8, b"\x02" + b"\x00" * 7 + b"[]", b"\x02" + b"\x00" * 7 + b"{}"):
        path.write_bytes(content)
        with pytest.raises(UserError, match="has no static embeddings"):
            embedded(folder, ["a"])
    safetensors(path, VECTORS, "BF16")
    with pytest.raises(UserError, match="has no static embeddings"):
        embedded(folder, ["a"])
    safetensors(path, VECTORS)
    path.write_bytes(path.read_bytes()[:-4])
    with pytest.raises(UserError, match="has no static embeddings"):
        embedded(folder, ["a"])
