"""The trainers' own readers read exported files, and a small model learns from them.

The tests need the extra `trainers`: torch, megatron-core, mosaicml-streaming.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rows import context
from trainer_files import examples, fill, mended

from jobs import export
from schemas.settings.export import ExportConfig
from udfs.tokens.tokenizer import load_tokenizer


@pytest.fixture(scope="module")
def torch() -> Any:
    """The package; the tests skip without it, before a session is started."""
    return pytest.importorskip("torch", reason="torch is not installed: install .[trainers]")


@pytest.fixture(scope="module")
def exported(
    torch: Any, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    """The mixture in the formats whose readers need torch; MDS with and without compression."""
    spark = request.getfixturevalue("spark")
    folder = tmp_path_factory.mktemp("readers")
    fill(spark, folder / "root", "mixture", examples())
    formats: dict[str, dict[str, Any]] = {"megatron": {}, "mds": {}, "zstd": {"compress": True}}
    for name, more in formats.items():
        config = ExportConfig(
            root=str(folder / "root"),
            output=str(folder / name),
            format="mds" if more else name,
            tokenizer="mistral",
            **more,
        )
        export.run(context(spark, folder / "root"), config)
    return {name: folder / name for name in formats}


def in_order() -> list[tuple[str, list[int]]]:
    """Id and token ids of each example, in the order of training."""
    encode = load_tokenizer().encode
    rows = sorted(examples(), key=lambda row: (row["shard"], row["position"]))
    return [(row["id"], [*encode(mended(row["text"])), 2]) for row in rows]


def prefixes(folder: Path) -> list[str]:
    """The data sets in `data_args.txt`, as Megatron-LM reads it."""
    words = (folder / "data_args.txt").read_text().split()
    return [str(folder / prefix) for prefix in words[1::2]]


def test_megatron_core_reads_the_token_files(exported: dict[str, Path]) -> None:
    indexed = pytest.importorskip("megatron.core.datasets.indexed_dataset")
    token_ids = []
    for prefix in prefixes(exported["megatron"]):
        assert indexed.IndexedDataset.exists(prefix)
        dataset = indexed.IndexedDataset(prefix)
        assert dataset.index.dtype is np.uint16
        assert dataset.document_indices.tolist() == list(range(len(dataset) + 1))
        token_ids += [dataset[i].tolist() for i in range(len(dataset))]
    assert token_ids == [ids for _, ids in in_order()]


@pytest.mark.parametrize("name", ["mds", "zstd"])
def test_streaming_reads_the_samples_in_order(
    exported: dict[str, Path], tmp_path: Path, name: str
) -> None:
    streaming = pytest.importorskip("streaming")
    streaming.base.util.clean_stale_shared_memory()
    dataset = streaming.StreamingDataset(
        remote=str(exported[name]),
        local=str(tmp_path / "local"),
        shuffle=False,
        batch_size=4,
        validate_hash="sha256",
    )
    samples = [(sample["id"], sample["tokens"].tolist()) for sample in dataset]
    assert samples == in_order()
    texts = {row["id"]: mended(row["text"]) for row in examples()}
    assert all(dataset[i]["text"] == texts[dataset[i]["id"]] for i in range(0, 240, 7))


def test_a_small_model_learns_from_the_token_files(torch: Any, exported: dict[str, Path]) -> None:
    nn = torch.nn
    torch.manual_seed(0)
    torch.set_num_threads(1)
    ids = np.concatenate(
        [np.fromfile(f"{prefix}.bin", "<u2") for prefix in prefixes(exported["megatron"])]
    )
    known, tokens = np.unique(ids, return_inverse=True)  # few of the vocabulary occur
    length, width, batch = 64, 64, 16
    windows = torch.tensor(tokens[: len(tokens) // (length + 1) * (length + 1)]).view(
        -1, length + 1
    )
    layer = nn.TransformerEncoderLayer(width, 4, 2 * width, dropout=0.0, batch_first=True)
    embedded, places = nn.Embedding(len(known), width), nn.Embedding(length, width)
    body, head = nn.TransformerEncoder(layer, 2), nn.Linear(width, len(known))
    model = nn.ModuleList([embedded, places, body, head])
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)
    causal = nn.Transformer.generate_square_subsequent_mask(length)
    losses = []
    for _ in range(50):
        chosen = windows[torch.randint(len(windows), (batch,))]
        hidden = body(embedded(chosen[:, :-1]) + places.weight, mask=causal, is_causal=True)
        loss = nn.functional.cross_entropy(head(hidden).flatten(0, 1), chosen[:, 1:].flatten())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    print(f"loss {losses[0]:.2f}, {losses[24]:.2f}, {losses[-1]:.2f}")
    # at first all tokens are equally likely
    assert abs(losses[0] - np.log(len(known))) < 1
    assert losses[-1] < losses[0] / 2
