"""Vectors of texts by a model in a folder: one vector a token, or a sentence transformer as ONNX."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from jobs.steps.explore.map.vectors import Matrix
from schemas.errors import UserError

TOKENIZER, STATIC, ONNX = "tokenizer.json", "model.safetensors", "model.onnx"
_TOKENS = 256  # of a text
_BATCH = 32
_HEADER = 100_000_000  # bytes of a header that are read at most

Report = Callable[[float], None]


def embedded(folder: Path, texts: Sequence[str], report: Report = lambda share: None) -> Matrix:
    """Return the vectors of texts.

    A folder has `tokenizer.json`, and `model.safetensors` with one matrix of a row a token, whose mean is
    a text's vector (static embeddings, as model2vec writes them), or `model.onnx`, whose output for each
    token is averaged.

    Raises
    ------
    UserError
        A file is missing or has another form, or a package for it is not installed.
    """
    tokenizer = _tokenizer(folder)
    if (folder / STATIC).is_file():
        vectors = static_vectors(folder / STATIC)
        return _static(tokenizer, vectors, texts, report)
    path = next(
        (folder / name for name in (ONNX, f"onnx/{ONNX}") if (folder / name).is_file()), None
    )
    if path is None:
        raise UserError(f"--model: {folder} has neither {STATIC} nor {ONNX}")
    return _by_onnx(tokenizer, path, texts, report)


def _tokenizer(folder: Path) -> Any:
    path = folder / TOKENIZER
    if not path.is_file():
        raise UserError(f"--model: {folder} has no {TOKENIZER}")
    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:
        raise UserError(f"--model: {path} is no tokenizer: {error}") from error
    tokenizer.no_padding()
    tokenizer.enable_truncation(_TOKENS)
    return tokenizer


def static_vectors(path: Path) -> Matrix:
    """Return the only matrix of a file in the format safetensors: its header is JSON, its data are numbers.

    Raises
    ------
    UserError
        The file has another form.
    """
    types: dict[str, str] = {"F32": "<f4", "F16": "<f2", "F64": "<f8"}
    try:
        with path.open("rb") as stream:
            size = int.from_bytes(stream.read(8), "little")
            header = json.loads(stream.read(min(size, _HEADER)))
            matrices = {
                name: entry
                for name, entry in header.items()
                if name != "__metadata__" and len(entry["shape"]) == 2
            }
            if len(matrices) != 1:
                raise ValueError(f"expected one matrix, and it has {len(matrices)}")
            ((_, entry),) = matrices.items()
            start, end = entry["data_offsets"]
            stream.seek(8 + size + start)
            numbers = np.frombuffer(stream.read(end - start), np.dtype(types[entry["dtype"]]))
            matrix: Matrix = numbers.reshape(entry["shape"]).astype(np.float32)
            return matrix
    except (ValueError, KeyError, TypeError, AttributeError, OSError) as error:
        raise UserError(f"--model: {path} has no static embeddings: {error}") from error


def _static(tokenizer: Any, vectors: Matrix, texts: Sequence[str], report: Report) -> Matrix:
    result = np.zeros((len(texts), vectors.shape[1]), np.float32)
    for start in range(0, len(texts), 1000):
        batch = tokenizer.encode_batch(list(texts[start : start + 1000]), add_special_tokens=False)
        for row, encoding in enumerate(batch, start=start):
            ids = np.array(encoding.ids, np.int64)
            ids = ids[ids < len(vectors)]
            if len(ids):
                result[row] = vectors[ids].mean(axis=0)
        report(start / len(texts))
    return result


def _by_onnx(tokenizer: Any, path: Path, texts: Sequence[str], report: Report) -> Matrix:
    try:
        import onnxruntime
    except ImportError as error:
        raise UserError(
            "a model as ONNX needs onnxruntime: run `pip install onnxruntime`"
        ) from error
    try:
        session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    except Exception as error:
        raise UserError(f"--model: {path} cannot be loaded: {error}") from error
    names = {entry.name for entry in session.get_inputs()}
    parts = []
    for start in range(0, len(texts), _BATCH):
        encodings = tokenizer.encode_batch(list(texts[start : start + _BATCH]))
        ids, mask = _padded([encoding.ids for encoding in encodings])
        inputs = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        output = session.run(None, {name: inputs[name] for name in inputs if name in names})[0]
        parts.append(_pooled(np.asarray(output, np.float32), mask))
        report(start / len(texts))
    return np.concatenate(parts)


def _padded(ids: Sequence[Sequence[int]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    width = max(1, *map(len, ids))
    padded = np.zeros((len(ids), width), np.int64)
    mask = np.zeros((len(ids), width), np.int64)
    for row, tokens in enumerate(ids):
        padded[row, : len(tokens)] = tokens
        mask[row, : len(tokens)] = 1
    return padded, mask


def _pooled(output: Matrix, mask: NDArray[np.int64]) -> Matrix:
    """Return one vector a text: the mean over its tokens, where the model gives a vector a token."""
    if output.ndim == 2:
        return output
    weights = mask[:, :, None].astype(np.float32)
    mean: Matrix = (output * weights).sum(axis=1) / np.maximum(1, weights.sum(axis=1))
    return mean
