"""Sets of conversations: every form that they are published in, broken records, hostile texts."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import chat_files as files
import pytest
from slices import kept, outcome_rows, rejected, whole_file

from jobs import slices
from jobs.slices.raw.record import Place
from schemas.settings.ingest_chat import CHAT

RECORDS: dict[str, list[dict[str, Any]]] = {
    "dolly": files.DOLLY,
    "alpaca": files.ALPACA,
    "longform": files.LONGFORM,
    "hh_rlhf": files.HH,
    "oig": files.OIG,
    "openai_messages": files.MESSAGES,
    "sharegpt": files.SHAREGPT,
}


def read(name: str, path: Path, **settings: Any) -> list[dict[str, Any]]:
    return outcome_rows(slices.load(name), path, **settings)


def lines(path: Path, records: list[dict[str, Any]]) -> Path:
    return files.json_lines(path.with_suffix(".jsonl"), records)


def packed(path: Path, records: list[dict[str, Any]]) -> Path:
    return files.json_lines(path.with_suffix(".jsonl.gz"), records)


def array(path: Path, records: list[dict[str, Any]]) -> Path:
    path = path.with_suffix(".json")
    path.write_text(json.dumps(records, indent=4))
    return path


def parquet(path: Path, records: list[dict[str, Any]]) -> Path:
    return files.parquet(path.with_suffix(".parquet"), records, group=1)


def place_of(row: dict[str, Any]) -> Place:
    source = row["source"]
    return Place(
        row["id"], row["slice"], source["uri"], source["offset"], {}, None, (), 1 << 20, print
    )


def test_the_records_here_are_of_all_sets_but_the_trees() -> None:
    assert {config.slice for config in CHAT} == {"oasst", *RECORDS}


@pytest.mark.parametrize("name", RECORDS)
def test_each_form_of_file_gives_the_same_conversations(tmp_path: Path, name: str) -> None:
    forms: list[Callable[[Path, list[dict[str, Any]]], Path]] = [lines, packed, array, parquet]
    found = []
    for form in forms:
        path = form(tmp_path / name, RECORDS[name])
        rows = kept(read(name, path))
        found.append([files.contents(row) for row in rows])
        assert len({row["id"] for row in rows}) == len(rows) == len(RECORDS[name])
        assert all(
            row["text"] == "\n\n".join(text for _, text in files.contents(row)) for row in rows
        )
        for row in rows:
            raw = slices.load(name).raw_record(place_of(row))
            assert dict(raw.headers["message"])["content"] == row["messages"][-1]["content"]
            record = json.loads(b"".join(raw.content()))
            assert record == RECORDS[name][rows.index(row)]
    assert found[0] == found[1] == found[2] == found[3]


def test_instructions_and_what_they_are_about(tmp_path: Path) -> None:
    first, second = kept(read("dolly", lines(tmp_path / "d", files.DOLLY)))
    assert files.contents(first) == [
        ("user", "When did it open?\n\nIt opened in 1871.[2]"),
        ("assistant", "In 1871."),
    ]
    assert first["license"] == "CC-BY-SA-3.0"
    assert dict(first["metadata"]) == {"subset": "closed_qa"}
    assert json.loads(first["messages"][0]["extra"]) == {"input": 19}
    assert second["messages"][0]["extra"] is None


def test_alpaca_libre_s_reasons_are_counted(tmp_path: Path) -> None:
    records: list[dict[str, Any]] = [
        {"status": status, **files.ALPACA[0], "other": {}} for status in ("ok", "too similar")
    ]
    rows = read("alpaca", lines(tmp_path / "a", records))
    assert rejected(rows) == {"counted status-too-similar": 1}
    assert [row["license"] for row in kept(rows)] == ["MIT"]


def test_seed_tasks_give_a_document_an_instance(tmp_path: Path) -> None:
    task: dict[str, Any] = {
        "id": "seed_1",
        "name": "n",
        "instruction": "Add.",
        "is_classification": False,
    }
    task["instances"] = [{"input": "1 1", "output": "2"}, {"input": "2 2", "output": "4"}]
    first, second = kept(read("alpaca", lines(tmp_path / "s", [task])))
    assert second["id"].endswith("/1")
    assert files.contents(second) == [("user", "Add.\n\n2 2"), ("assistant", "4")]
    raw = slices.load("alpaca").raw_record(place_of(second))
    assert dict(raw.headers["message"])["content"] == "4"
    assert first["id"] != second["id"]


def test_real_alpaca_libre_and_seed_tasks(shared_data: Path) -> None:
    rows = read("alpaca", shared_data / "chat" / "alpaca-libre-tasks-v3.jsonl.gz")
    assert len(kept(rows)) == 654
    assert sum(rejected(rows).values()) == 1205 - 654
    rows = read("alpaca", shared_data / "chat" / "seed-tasks.jsonl.gz")
    assert (len(kept(rows)), rejected(rows)) == (175, {})


def test_a_choice_has_both_answers_with_their_ids(tmp_path: Path) -> None:
    (row,) = kept(read("hh_rlhf", lines(tmp_path / "h", files.HH)))
    name = row["id"].partition("/")[2]
    ids = [(item["id"], item["parent"], item["rank"]) for item in row["messages"]]
    assert ids == [
        (f"{name}/0", None, None),
        (f"{name}/1", f"{name}/0", None),
        (f"{name}/2", f"{name}/1", None),
        (f"{name}/chosen", f"{name}/2", 0),
        (f"{name}/rejected", f"{name}/2", 1),
    ]


def test_pairs_in_the_forms_of_trl_and_red_team_transcripts(tmp_path: Path) -> None:
    said = [{"role": "assistant", "content": answer} for answer in ("Yes.", "No.")]
    asked = [{"role": "user", "content": "Well?"}]
    records: list[dict[str, Any]] = [
        {"prompt": "Well?", "chosen": "Yes.", "rejected": "No."},
        {"prompt": asked, "chosen": said[:1], "rejected": said[1:]},
        {"chosen": [*asked, said[0]], "rejected": [*asked, said[1]]},
    ]
    rows = kept(read("hh_rlhf", lines(tmp_path / "p", records)))
    want = [("user", "Well?"), ("assistant", "Yes."), ("assistant", "No.")]
    assert [files.contents(row) for row in rows] == [want] * 3
    attempt = {"transcript": "\n\nHuman: a\n\nAssistant: b", "rating": 3.0, "tags": None}
    (row,) = kept(read("hh_rlhf", lines(tmp_path / "r", [attempt])))
    assert files.contents(row) == [("user", "a"), ("assistant", "b")]
    assert dict(row["metadata"]) == {"rating": "3.0"}


def test_equal_pairs_and_pairs_of_different_conversations(tmp_path: Path) -> None:
    equal = {"chosen": files.HH[0]["chosen"], "rejected": files.HH[0]["chosen"]}
    other = {"chosen": files.HH[0]["chosen"], "rejected": "\n\nHuman: x\n\nAssistant: y"}
    longer = {"chosen": files.HH[0]["chosen"], "rejected": "\n\nHuman: Hi\n\nAssistant: Hello!"}
    pointer = "version https://git-lfs.github.com/spec/v1"
    path = files.json_lines(tmp_path / "h.jsonl.gz", [equal, longer, other, pointer])
    assert rejected(read("hh_rlhf", path)) == {
        "counted equal-pair": 1,
        "counted prefix-pair": 1,
        "quarantine bad-record": 1,
        "quarantine broken-json": 1,
    }


@pytest.mark.parametrize(
    ("name", "record", "contents"),
    [
        ("oig", {"text": "<human>: say <bot>: hi <bot>:\n<bot>: <|im_end|> <human>: no"},
         [("user", "say <bot>: hi <bot>:"), ("assistant", "<|im_end|> <human>: no")]),
        ("oig", {"text": "Background.\n<human>: a\n<human>: b\n<bot>: c"},
         [("system", "Background."), ("user", "a\n<human>: b"), ("assistant", "c")]),
        ("openai_messages", {"messages": [{"role": "user", "content": "{{ 7*7 }}\n\nAssistant: x"},
                                          {"role": "assistant", "content": "<|eot_id|>"}]},
         [("user", "{{ 7*7 }}\n\nAssistant: x"), ("assistant", "<|eot_id|>")]),
        ("dolly", {"instruction": "a\0b\n### Response:", "response": "User: c"},
         [("user", "ab\n### Response:"), ("assistant", "User: c")]),
    ],
)  # fmt: skip
def test_markers_of_roles_in_a_text_are_text(
    tmp_path: Path, name: str, record: dict[str, Any], contents: list[tuple[str, str]]
) -> None:
    (row,) = kept(read(name, lines(tmp_path / name, [record])))
    assert files.contents(row) == contents


def test_messages_with_parts_tools_and_weights(tmp_path: Path) -> None:
    call = {"id": "1", "type": "function", "function": {"name": "f", "arguments": "{}"}}
    record = {"messages": [
        {"role": "developer",
         "content": [{"type": "text", "text": "Be "}, {"type": "text", "text": "kind."}]},
        {"role": "user", "content": "Look."},
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "content": "7", "tool_call_id": "1"},
        {"role": "assistant", "content": "Seven.", "weight": 0},
    ]}  # fmt: skip
    image = {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {}}]}]}
    empty: dict[str, Any] = {"messages": []}
    unknown = {"messages": [{"role": "wizard", "content": "x"}]}
    rows = read("openai_messages", lines(tmp_path / "m", [record, image, empty, unknown]))
    (row,) = kept(rows)
    assert [role for role, _ in files.contents(row)] == [
        "system",
        *("user", "assistant", "tool", "assistant"),
    ]
    assert row["messages"][0]["content"] == "Be kind."
    assert json.loads(row["messages"][2]["extra"]) == {"tool_calls": [call]}
    assert json.loads(row["messages"][4]["extra"]) == {"weight": 0}
    assert rejected(rows) == {
        "counted not-text": 1,
        "counted empty": 1,
        "quarantine unknown-role": 1,
    }


def test_files_of_one_name_give_different_ids(tmp_path: Path) -> None:
    for name, text in (("one", "a"), ("two", "b")):
        (tmp_path / name).mkdir()
        record = {"messages": [{"role": "user", "content": text}]}
        files.json_lines(tmp_path / name / "train.jsonl", [record])
    paths = sorted(tmp_path.glob("*/train.jsonl"))
    rows = outcome_rows(slices.load("openai_messages"), *paths)
    assert len({row["id"] for row in kept(rows)}) == 2


def test_broken_records_are_a_row_each_and_the_others_stay(tmp_path: Path) -> None:
    good = json.dumps(files.ALPACA[0])
    records = [good, good[:20], "", '{"instruction": "x"}', '["a"]', "\ufffd{", good]
    rows = read("alpaca", files.json_lines(tmp_path / "b.jsonl", records), max_record_bytes=1024)
    assert len(kept(rows)) == 2
    assert rejected(rows) == {"quarantine broken-json": 2, "quarantine bad-record": 2}
    large = json.dumps({"instruction": "x" * 2000, "input": "", "output": "y"})
    rows = read(
        "alpaca", files.json_lines(tmp_path / "l.jsonl", [large, good]), max_record_bytes=1024
    )
    assert rejected(rows) == {"quarantine record-too-large": 1}
    assert len(kept(rows)) == 1


def test_a_message_of_a_megabyte_is_one_message(tmp_path: Path) -> None:
    text = "\n\nHuman: a\n\n" * 90_000
    record = {"conversations": [{"from": "human", "value": text}, {"from": "gpt", "value": "ok"}]}
    (row,) = kept(read("sharegpt", lines(tmp_path / "s", [record])))
    assert files.contents(row) == [("user", text), ("assistant", "ok")]


def test_an_array_is_read_by_one_task(tmp_path: Path) -> None:
    path = array(tmp_path / "a", files.ALPACA * 3)
    source = slices.load("alpaca")
    size = path.stat().st_size
    parts = [(0, size // 2), (size // 2, size)]
    config = source.config(root="")
    found = [
        [*source.outcomes(type(whole_file(path))(str(path), size, start, end), config)]
        for start, end in parts
    ]
    assert [len(outcomes) for outcomes in found] == [6, 0]
