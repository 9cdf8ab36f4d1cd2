"""The Pile's lines, and corpora that exist as tokens of Megatron-LM."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import chat_files as files
import numpy as np
import pytest
from slices import kept, outcome_rows, rejected

from jobs import slices
from jobs.slices.outcome_batches import Document
from jobs.slices.raw.record import Place
from jobs.steps.mix import recipe_file
from schemas.errors import UserError
from schemas.settings.ingest_pile import PILE_SETS, WITHDRAWN, MegatronConfig, PileConfig
from schemas.settings.mix import MixConfig
from udfs.formats.megatron_index import index
from udfs.tokens.tokenizer import load_tokenizer

TEXTS = ["One document.", "", "Zwei: größer\n\nund länger.", "x" * 500, "Last."]


def test_sets_of_the_pile_and_those_that_were_withdrawn(tmp_path: Path) -> None:
    named = [{"text": f"About {name}", "meta": {"pile_set_name": name}} for name in PILE_SETS]
    others: list[Any] = [
        {"text": "As a list", "metadata": {"pile_set_name": ["Github"]}},
        {"text": "Deduplicated: text alone"},
        {"text": " ", "meta": {"pile_set_name": "ArXiv"}},
        {"meta": {"pile_set_name": "ArXiv"}},
        "{",
    ]
    path = files.json_lines(tmp_path / "00.jsonl", [*named, *others])
    rows = outcome_rows(slices.load("pile"), path)
    found = [dict(row["metadata"] or {}).get("subset") for row in kept(rows)]
    assert found == [*(name for name in PILE_SETS if name not in WITHDRAWN), "Github", None]
    withdrawn = {
        f"counted withdrawn-{name}": 1
        for name in ("books3", "bookcorpus2", "opensubtitles", "openwebtext2", "youtubesubtitles")
    }
    assert rejected(rows) == {
        **withdrawn,
        "counted empty": 1,
        "quarantine bad-record": 1,
        "quarantine broken-json": 1,
    }
    rows = outcome_rows(slices.load("pile"), path, sets=("ArXiv",))
    assert len(kept(rows)) == 2
    (raw,) = [slices.load("pile").raw_record(place(row)) for row in kept(rows)[:1]]
    assert raw.beginning == "About ArXiv"


def place(row: dict[str, Any]) -> Place:
    source = row["source"]
    return Place(
        row["id"], row["slice"], source["uri"], source["offset"], {}, None, (), 1 << 20, print
    )


def test_the_recipe_has_the_sets_that_the_slice_takes() -> None:
    strata = recipe_file.of(MixConfig(root="r", tokens=1, recipe="pile")).strata
    assert {name.partition("/")[2] for name in strata} == set(PileConfig(root="").sets)
    # 100 without those that were withdrawn
    assert sum(stratum.share for stratum in strata.values()) == 1
    assert float(strata["pile/Pile-CC"].share) == pytest.approx(18.11 / 75.02)


def write(folder: Path, documents: list[list[int]], dtype: str = "uint16") -> Path:
    ids = np.concatenate([np.array(item, dtype) for item in documents])
    (folder / "c.bin").write_bytes(ids.tobytes())
    (folder / "c.idx").write_bytes(index([len(item) for item in documents], dtype))
    return folder / "c.bin"


@pytest.mark.parametrize("dtype", ["uint16", "int32"])
@pytest.mark.parametrize("parts", [1, 3])
def test_tokens_are_decoded_to_their_texts(tmp_path: Path, dtype: str, parts: int) -> None:
    tokenizer = load_tokenizer(None)
    end = tokenizer.special(str(tokenizer.end))
    assert end is not None
    path = write(tmp_path, [[*tokenizer.encode(text), end] for text in TEXTS], dtype)
    source = slices.load("megatron")
    config = MegatronConfig(root="", tokenizer="mistral", subset="mine")
    size = path.stat().st_size
    from jobs.sources.splits import ByteRange

    cuts = [size * i // parts for i in range(parts + 1)]
    found = [
        outcome
        for start, stop in itertools.pairwise(cuts)
        for outcome in source.outcomes(ByteRange(str(path), size, start, stop), config)
    ]
    assert [outcome.text for outcome in found if isinstance(outcome, Document)] == [
        t for t in TEXTS if t
    ]
    assert sum(getattr(outcome, "n", 0) for outcome in found) == 1


def test_a_trace_shows_the_tokens(tmp_path: Path) -> None:
    tokenizer = load_tokenizer(None)
    path = write(tmp_path, [tokenizer.encode(text) for text in TEXTS])
    rows = kept(outcome_rows(slices.load("megatron"), path, tokenizer="mistral"))
    assert [row["text"] for row in rows] == [text for text in TEXTS if text]
    for row in rows:
        raw = slices.load("megatron").raw_record(place(row))
        assert raw.beginning == " ".join(map(str, tokenizer.encode(row["text"])[:1000]))


def test_damage_costs_what_is_damaged(tmp_path: Path) -> None:
    tokenizer = load_tokenizer(None)
    path = write(tmp_path, [tokenizer.encode("A text."), [65_000], tokenizer.encode("The end.")])
    path.write_bytes(path.read_bytes()[:-2])
    rows = outcome_rows(slices.load("megatron"), path, tokenizer="mistral")
    assert [row["text"] for row in kept(rows)] == ["A text."]
    assert rejected(rows) == {"quarantine unknown-token": 1, "quarantine truncated-record": 1}
    path.with_suffix(".idx").write_bytes(b"no index")
    rows = outcome_rows(slices.load("megatron"), path, tokenizer="mistral")
    assert rejected(rows) == {"quarantine bad-index": 1}


def test_files_that_are_no_tokens_are_left_out(tmp_path: Path) -> None:
    path = write(tmp_path, [[1]])
    for name in ("lone.bin", "c_mask.bin", "notes.txt"):
        (tmp_path / name).write_bytes(b"")
    from jobs import storage

    source = slices.load("megatron")
    chosen, others = source.chosen(
        storage.expand([str(tmp_path)]), MegatronConfig(root="", tokenizer="mistral")
    )
    assert [info.uri for info in chosen] == [str(path)]
    assert sorted(others) == ["it is a mask", "it is no .bin", "there is no .idx beside it"]
    with pytest.raises(UserError, match="needs the tokenizer"):
        source.chosen([], MegatronConfig(root=""))
