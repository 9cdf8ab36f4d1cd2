"""OASST: the same threads from trees, threads, flat messages and Parquet; flaws, ranks, cycles, orphans."""

from __future__ import annotations

import gzip
import itertools
import json
from pathlib import Path
from typing import Any

import chat_files as files
import pytest
from slices import kept, outcome_rows, rejected

from jobs import slices
from jobs.slices.raw.record import Place, RecordNotFound
from schemas.errors import UserError
from schemas.settings.ingest_chat import OasstConfig

OASST = slices.load("oasst")
# ids of the last messages of all threads, and of the best, counted by hand in five of the real trees
BY_HAND = {
    1: (["24e027d1", "4a7f68b2", "d4aaa7f1", "0b39aac7"], ["24e027d1"]),
    2: (["3fe0a008", "4566f9ac", "46abb771", "d9768129", "757cef6e"], ["3fe0a008"]),
    4: (["609a25fc", "2647ee4b", "233fdf57", "34355e23", "b6adeb3e"], ["609a25fc"]),
    7: (["0e87b933", "c841fcd1", "8acd0965"], ["0e87b933"]),
    8: (["1721c901", "00237c32", "4bd88a2c", "dd34cf93", "195a65d3"], ["1721c901"]),
}

MESSAGES = (
    files.message("r", None, "prompter", "Ask"),
    files.message("a", "r", "assistant", "Best", rank=0, labels={"toxicity": {"value": 0.25, "count": 3}}),
    files.message("b", "r", "assistant", "Worse", rank=1),
    files.message("c", "a", "prompter", "More?"),
    files.message("d", "c", "assistant", "Yes", lang="de"),
    files.message("e", "b", "prompter", "Why?"),
    files.message("f", "b", "prompter", "How?"),
)  # fmt: skip


def read(path: Path, **settings: Any) -> list[dict[str, Any]]:
    return outcome_rows(OASST, path, **settings)


def lasts(rows: list[dict[str, Any]]) -> list[str]:
    return [row["id"].removeprefix("oasst/") for row in kept(rows)]


@pytest.fixture(scope="module")
def real(shared_data: Path) -> Path:
    return shared_data / "chat" / "oasst-en-100-trees.jsonl.gz"


def in_tree(rows: list[dict[str, Any]], trees: list[str]) -> dict[str, list[str]]:
    by_tree: dict[str, list[str]] = {tree: [] for tree in trees}
    for row in kept(rows):
        by_tree[dict(row["metadata"])["tree"]].append(row["id"].removeprefix("oasst/")[:8])
    return by_tree


def test_five_real_trees_counted_by_hand(real: Path) -> None:
    trees = [json.loads(line) for line in gzip.decompress(real.read_bytes()).splitlines()]
    ids = [tree["message_tree_id"] for tree in trees]
    everything, best = read(real), read(real, threads="best")
    for number, (all_, of_rank_0) in BY_HAND.items():
        assert in_tree(everything, ids)[ids[number]] == all_
        assert in_tree(best, ids)[ids[number]] == of_rank_0
    assert not in_tree(everything, ids)[ids[0]]  # its messages are synthetic
    assert len(kept(everything)) == 538
    assert rejected(everything) == {"counted synthetic": 17, "counted unanswered": 71}
    by_id: dict[str, dict[str, Any]] = {}

    def walk(message: dict[str, Any]) -> None:
        by_id[message["message_id"]] = message
        for reply in message["replies"]:
            walk(reply)

    for tree in trees:
        walk(tree["prompt"])
    for row in kept(everything):
        roles = itertools.cycle(["user", "assistant"])
        for item, role in zip(row["messages"], roles, strict=False):
            record = by_id[item["id"]]
            assert item["role"] == role
            assert item["content"] == record["text"]
            assert item["rank"] == record.get("rank")
            assert item["language"] == record["lang"] == "en"
            assert item["parent"] == record.get("parent_id")


def flat(**more: Any) -> list[dict[str, Any]]:
    return [{**item, "message_tree_id": "r", "tree_state": "ready_for_export"} for item in MESSAGES]


def test_every_form_gives_the_same_threads(tmp_path: Path) -> None:
    threads = [["r", "a", "c", "d"], ["r", "b", "e"]]
    by_id = {item["message_id"]: item for item in MESSAGES}
    parallel = [
        {**item, "labels": None if "labels" not in item else
         {"name": ["toxicity"], "value": [0.25], "count": [3]}}
        for item in flat()
    ]  # fmt: skip
    paths = [
        files.json_lines(tmp_path / "trees.jsonl", [files.tree(*MESSAGES)]),
        files.json_lines(tmp_path / "nested.jsonl.gz", [files.tree(*MESSAGES)["prompt"]]),
        files.json_lines(
            tmp_path / "threads.jsonl",
            [{"thread_id": ids[-1], "thread": [by_id[id_] for id_ in ids]} for ids in threads],
        ),
        files.json_lines(tmp_path / "messages.jsonl", flat()),
        files.json_lines(tmp_path / "shuffled.jsonl", flat()[::-1]),
        files.parquet(tmp_path / "hub.parquet", parallel),
    ]
    found = []
    for path in paths:
        rows = kept(read(path))
        found.append({row["id"]: files.contents(row) for row in rows})
        (long,) = (row for row in rows if row["id"] == "oasst/d")
        assert dict(long["messages"][1]["labels"])["toxicity"] == 0.25
        assert [item["rank"] for item in long["messages"]] == [None, 0, None, None]
        assert "language" not in dict(long["metadata"])  # two languages in one thread
        assert long["license"] == "Apache-2.0"
        for row in rows:
            place = Place(
                row["id"], "oasst", str(path), row["source"]["offset"], {}, None, (), 1 << 20, print
            )
            raw = OASST.raw_record(place)
            assert dict(raw.headers["message"])["id"] == row["messages"][-1]["id"]
    want = {
        "oasst/d": [
            ("user", "Ask"),
            ("assistant", "Best"),
            ("user", "More?"),
            ("assistant", "Yes"),
        ],
        "oasst/b": [("user", "Ask"), ("assistant", "Worse")],
    }
    # in the reversed file another prompter's message is the first reply
    assert found == [want] * len(paths)


def test_the_best_and_the_top_threads(tmp_path: Path) -> None:
    path = files.json_lines(tmp_path / "t.jsonl", [files.tree(*MESSAGES)])
    assert lasts(read(path, threads="best")) == ["d"]
    assert lasts(read(path, threads="2")) == lasts(read(path, threads="top 2")) == ["d", "b"]
    unranked = files.message("g", "c", "assistant", "No")  # d and g have no rank, and are two
    path = files.json_lines(tmp_path / "u.jsonl", [files.tree(*MESSAGES, unranked)])
    assert lasts(read(path, threads="best")) == []
    for wrong in ("0", "worst", "-1"):
        with pytest.raises(UserError, match="--threads: expected all, best or a number"):
            OasstConfig(root="", threads=wrong)


@pytest.mark.parametrize(
    ("field", "reason"),
    [
        ({"deleted": True}, "deleted"),
        ({"synthetic": True}, "synthetic"),
        ({"review_result": False}, "failed-review"),
    ],
)
def test_a_flaw_leaves_out_what_holds_the_message(
    tmp_path: Path, field: dict[str, bool], reason: str
) -> None:
    messages = [{**item, **(field if item["message_id"] == "a" else {})} for item in MESSAGES]
    path = files.json_lines(tmp_path / "t.jsonl", [files.tree(*messages)])
    rows = read(path)
    assert lasts(rows) == ["b"]
    assert rejected(rows) == {f"counted {reason}": 1, "counted unanswered": 1}
    assert lasts(read(path, leave_out=())) == ["d", "b"]


def test_states_of_trees(tmp_path: Path) -> None:
    waiting = files.tree(*MESSAGES, tree_state="prompt_lottery_waiting")
    path = files.json_lines(tmp_path / "t.jsonl", [waiting])
    assert rejected(read(path)) == {"counted tree-prompt_lottery_waiting": 1}
    assert lasts(read(path, tree_states=())) == ["d", "b"]


def test_choices_between_ranked_answers(tmp_path: Path) -> None:
    third = files.message("g", "r", "assistant", "Third", rank=2)
    path = files.json_lines(tmp_path / "t.jsonl", [files.tree(*MESSAGES, third)])
    (row,) = kept(read(path, form="preferences"))
    assert row["id"] == "oasst/r"
    assert files.contents(row) == [
        ("user", "Ask"),
        *(("assistant", text) for text in ("Best", "Worse", "Third")),
    ]
    (row,) = kept(read(path, form="preferences", threads="2"))
    assert len(row["messages"]) == 3
    assert sorted(lasts(read(path, form="both"))) == ["b", "d", "g", "r"]


def test_orphans_cycles_and_repeated_messages_are_a_row_each(tmp_path: Path) -> None:
    records = [
        files.message("r", None, "prompter", "Ask"),
        files.message("a", "r", "assistant", "Yes"),
        files.message("o", "gone", "assistant", "Orphan"),
        files.message("p", "o", "prompter", "Below an orphan"),
        files.message("x", "y", "assistant", "Cycle"),
        files.message("y", "x", "prompter", "Cycle"),
        files.message("z", "z", "prompter", "Its own parent"),
        files.message("w", "y", "assistant", "Below a cycle"),
        files.message("a", "r", "assistant", "Again"),
        {"message_id": "n", "role": "prompter"},
    ]
    rows = read(files.json_lines(tmp_path / "m.jsonl", records))
    assert lasts(rows) == ["a"]
    assert rejected(rows) == {
        "quarantine orphan-parent": 2,
        "quarantine parent-cycle": 4,
        "quarantine repeated-message": 1,
        "quarantine bad-record": 1,
    }


def test_a_deep_or_bushy_tree_is_refused_before_it_is_unfolded(tmp_path: Path) -> None:
    chain = [files.message("0", None, "prompter", "x")]
    comb = list(chain)
    for i in range(1, 900):
        role = "assistant" if i % 2 else "prompter"
        chain.append(files.message(str(i), str(i - 1), role, "x"))
        comb += [
            files.message(str(i), str(i - 1), role, "x"),
            files.message(f"{i}s", str(i - 1), role, "x"),
        ]
    path = files.json_lines(tmp_path / "chain.jsonl", chain)
    assert [len(row["messages"]) for row in kept(read(path))] == [900]
    for name, records in (("comb", comb), ("deep", [*chain, *_more(chain, 2000)])):
        rows = read(files.json_lines(tmp_path / f"{name}.jsonl", records), max_record_bytes=1 << 20)
        assert rejected(rows) == {"quarantine record-too-large": 1}


def _more(chain: list[dict[str, Any]], to: int) -> list[dict[str, Any]]:
    roles = ("prompter", "assistant")
    return [files.message(str(i), str(i - 1), roles[i % 2], "x") for i in range(len(chain), to)]


def test_a_trace_of_another_record_says_so(tmp_path: Path) -> None:
    path = files.json_lines(tmp_path / "m.jsonl", flat())
    place = Place("oasst/zzz", "oasst", str(path), 0, {}, None, (), 1 << 20, print)
    with pytest.raises(RecordNotFound, match="makes no oasst/zzz"):
        OASST.raw_record(place)


@pytest.mark.parametrize("number", ["1e999", "-1", "3e9", "null", '"0"', "10" * 200])
def test_a_rank_or_label_that_no_column_holds(tmp_path: Path, number: str) -> None:
    tree = json.dumps(files.tree(*MESSAGES)).replace('"rank": 0', f'"rank": {number}')
    tree = tree.replace("0.25", number if number != '"0"' else "null")
    rows = read(files.json_lines(tmp_path / "t.jsonl", [tree]))
    assert lasts(rows) == ["d", "b"] or rejected(rows) == {"quarantine broken-json": 1}
