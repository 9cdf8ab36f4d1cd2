"""Exports of conversations: read back by the slices that read their forms, and by `datasets`."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import chat_files as files
import pyarrow.parquet as pq
import pytest
from slices import kept, outcome_rows

from jobs import slices
from jobs.slices import traits_of
from jobs.steps.export import card, chat_texts
from jobs.steps.export.chat_lines import ChatLines
from jobs.steps.export.formats import (
    alpaca,
    jsonl,
    messages,
    parquet,
    preference,
    prompt_completion,
    sharegpt,
)
from jobs.steps.export.shards import ShardFiles
from udfs.chat.conversation import Message
from udfs.chat.segments import NotRepresentable
from udfs.formats import chat_records

Row = dict[str, Any]


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Row]]:
    folder = tmp_path_factory.mktemp("sets")
    records: dict[str, list[Row]] = {
        "dolly": files.DOLLY,
        "alpaca": files.ALPACA,
        "longform": files.LONGFORM,
        "hh_rlhf": files.HH,
        "oig": files.OIG,
        "openai_messages": files.MESSAGES,
        "sharegpt": files.SHAREGPT,
    }
    return {
        name: documents(name, files.json_lines(folder / f"{name}.jsonl", items))
        for name, items in records.items()
    }


def documents(name: str, path: Path) -> list[Row]:
    """Return rows as corpus/ has them."""
    read = kept(outcome_rows(slices.load(name), path))
    return [{**row, "language": "en", "token_count": 7} for row in read]


def written(
    folder: Path, records_of: Callable[..., Any], rows: Sequence[Row], template: str | None = None
) -> Path:
    lines = ChatLines(str(folder), "data/train", records_of=records_of, template=template)
    for row in rows:
        assert lines.add(row) == 7
    (file,) = lines.put()
    assert file.rows == len(rows)
    return folder / file.path


def lines_of(path: Path) -> list[Any]:
    from slices import whole_file

    from jobs.sources.lines import line_bytes

    return [json.loads(line) for _, line, _ in line_bytes(whole_file(path), 1 << 20)]


def turns(rows: Sequence[Row]) -> list[list[tuple[str, str]]]:
    return [files.contents(row) for row in rows]


@pytest.mark.parametrize(
    ("name", "form", "reader"),
    [
        *((name, messages, "openai_messages") for name in
          ("dolly", "alpaca", "longform", "oig", "openai_messages", "sharegpt")),
        *((name, sharegpt, "sharegpt") for name in ("dolly", "oig", "openai_messages", "sharegpt")),
        *((name, alpaca, "alpaca") for name in ("dolly", "alpaca", "longform", "sharegpt")),
    ],
)  # fmt: skip
def test_a_set_goes_out_and_comes_back_with_equal_conversations(
    tmp_path: Path, rows: dict[str, list[Row]], name: str, form: Any, reader: str
) -> None:
    path = written(tmp_path, form._records, rows[name])
    back = kept(outcome_rows(slices.load(reader), path))
    assert turns(back) == turns(rows[name])
    if form is alpaca:  # and instructions are parted from their inputs again
        assert [row["messages"][0]["extra"] for row in back] == [
            row["messages"][0]["extra"] for row in rows[name]
        ]
    for record, row in zip(lines_of(path), rows[name], strict=True):
        assert (record["id"], record["source"], record["language"]) == (row["id"], name, "en")
        assert record.get("license") == row["license"]


@pytest.mark.parametrize("as_text", [False, True])
def test_preferences_come_back_as_the_same_choices(
    tmp_path: Path, rows: dict[str, list[Row]], as_text: bool
) -> None:
    pair = [{"prompt": "Well?", "chosen": "Yes.", "rejected": "No."}]
    given = rows["hh_rlhf"] if not as_text else []
    given = [*given, *documents("hh_rlhf", files.json_lines(tmp_path / "p.jsonl", pair))]
    path = written(tmp_path, partial(preference._records, as_text=as_text), given)
    back = kept(outcome_rows(slices.load("hh_rlhf"), path))
    assert turns(back) == turns(given)
    record = lines_of(path)[-1]
    assert (record["chosen_id"], record["rejected_id"]) == (
        given[-1]["messages"][1]["id"],
        given[-1]["messages"][2]["id"],
    )


def test_a_choice_of_three_makes_two_pairs_and_one_conversation(tmp_path: Path) -> None:
    tree = files.tree(
        files.message("r", None, "prompter", "Ask"),
        *(files.message(str(i), "r", "assistant", f"Answer {i}", rank=i,
                        labels={"quality": {"value": 1 - i / 4, "count": 1}}) for i in range(3)),
    )  # fmt: skip
    read = outcome_rows(
        slices.load("oasst"), files.json_lines(tmp_path / "t.jsonl", [tree]), form="preferences"
    )
    given = [{**row, "language": "en", "token_count": 7} for row in kept(read)]
    pairs = lines_of(written(tmp_path, partial(preference._records, as_text=False), given))
    assert [(pair["chosen_id"], pair["rejected_id"]) for pair in pairs] == [("0", "1"), ("0", "2")]
    (record,) = lines_of(written(tmp_path / "m", messages._records, given))
    assert [item["content"] for item in record["messages"]] == ["Ask", "Answer 0"]
    assert (record["tree"], record["quality"]) == ("r", 0.75)


def test_prompts_and_completions_as_messages_and_text(
    tmp_path: Path, rows: dict[str, list[Row]]
) -> None:
    records_of = prompt_completion._records
    (record,) = lines_of(written(tmp_path, partial(records_of, as_text=False), rows["oig"]))
    assert [item["content"] for item in record["prompt"]] == ["What is 2+2?", "4", "And\n3+3?"]
    assert record["completion"] == [{"role": "assistant", "content": "6"}]
    path = written(tmp_path / "t", partial(records_of, as_text=True), rows["oig"], "chatml")
    (record,) = lines_of(path)
    assert record["prompt"].endswith("<|im_start|>assistant\n")
    assert record["completion"] == "6<|im_end|>\n"
    with pytest.raises(NotRepresentable, match="not-one-turn"):
        written(tmp_path / "u", partial(records_of, as_text=True), rows["oig"])


@pytest.mark.parametrize(
    ("form", "roles", "reason"),
    [
        (alpaca, ("user", "assistant", "user", "assistant"), "not-one-turn"),
        (alpaca, ("system", "user", "assistant"), "not-one-turn"),
        (preference, ("user", "assistant"), "no-choice"),
        (prompt_completion, ("user",), "no-answer"),
        (prompt_completion, ("user", "assistant", "user"), "no-answer"),
    ],
)
def test_what_a_form_cannot_represent_has_a_reason(
    form: Any, roles: Sequence[str], reason: str
) -> None:
    row: Row = {"id": "a/1", "slice": "a", "license": None, "language": None, "metadata": None}
    row["messages"] = [Message(role, "x").to_row() for role in roles]
    more = {} if form is alpaca else {"as_text": False}
    with pytest.raises(NotRepresentable, match=reason):
        form._records(row, None, **more)


def test_texts_of_a_template_with_spans_and_other_documents(
    tmp_path: Path, rows: dict[str, list[Row]]
) -> None:
    page: Row = {"id": "c4/1", "slice": "c4", "text": "A page.", "messages": None, "metadata": None}
    page |= {"license": None, "language": "en", "token_count": 7}
    given = [*rows["openai_messages"], page]
    first, second = lines_of(written(tmp_path, chat_texts._records, given, "chatml"))
    assert [first["text"][start:end] for start, end in first["spans"]] == ["Hello<|im_end|>"]
    assert (second["text"], second["spans"]) == ("A page.", [[0, 7]])


def test_datasets_reads_all_of_them(tmp_path: Path, rows: dict[str, list[Row]]) -> None:
    datasets = pytest.importorskip("datasets")
    forms: dict[str, Callable[..., Any]] = {
        "messages": messages._records,
        "sharegpt": sharegpt._records,
        "preference": partial(preference._records, as_text=False),
    }
    for name, records_of in forms.items():
        path = written(tmp_path / name, records_of, rows["hh_rlhf"])
        (row,) = datasets.load_dataset(
            "json", data_files=str(path), split="train", cache_dir=str(tmp_path / "cache")
        )
        assert row == lines_of(path)[0]


def test_parquet_and_jsonl_keep_the_turns_beside_other_documents(
    tmp_path: Path, rows: dict[str, list[Row]]
) -> None:
    page = {**rows["openai_messages"][0], "id": "c4/1", "slice": "c4", "messages": None}
    given = [*rows["openai_messages"], *rows["hh_rlhf"], page]
    kinds: dict[str, ShardFiles] = {
        "parquet": parquet.Rows(str(tmp_path), "data/train", table="corpus"),
        "jsonl": jsonl.JsonLines(
            str(tmp_path), "data/train", traits=traits_of(row["slice"] for row in given)
        ),
    }
    for name, files_ in kinds.items():
        for row in given:
            files_.add({"bucket": "all", "snapshot": None, "perplexity": None, **row})
        (file,) = files_.put()
        path = tmp_path / file.path
        stored = lines_of(path) if name == "jsonl" else pq.read_table(path).to_pylist()
        for record, row in zip(stored, given, strict=True):
            expected = chat_records.best(row) if row["messages"] else ()
            assert [(turn["role"], turn["content"]) for turn in record.get("messages") or ()] == [
                (turn["role"], turn["content"]) for turn in expected
            ]
        (read, *_) = kept(outcome_rows(slices.load("openai_messages"), path))
        assert files.contents(read) == files.contents(given[0])


def test_the_card_describes_lists_as_datasets_reads_them(
    tmp_path: Path, rows: dict[str, list[Row]]
) -> None:
    datasets = pytest.importorskip("datasets")
    features = [card._feature(field) for field in parquet._SCHEMAS["corpus"]]
    described = datasets.Features._from_yaml_list(features)
    assert (
        described.arrow_schema.field("messages").type
        == parquet._SCHEMAS["corpus"].field("messages").type
    )


CHATML = """{% for message in messages %}<|im_start|>{{ message.role }}
{{ message.content }}<|im_end|>
{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant
{% endif %}"""


def test_trl_s_own_functions_read_pairs_prompts_and_turns(
    tmp_path: Path, rows: dict[str, list[Row]]
) -> None:
    trl = pytest.importorskip("trl.data_utils", reason="TRL is not installed")
    transformers, tokenizers = map(pytest.importorskip, ("transformers", "tokenizers"))
    model = tokenizers.Tokenizer(tokenizers.models.WordLevel({"a": 0}, unk_token="a"))
    tokenizer = transformers.PreTrainedTokenizerFast(tokenizer_object=model)
    tokenizer.chat_template = CHATML
    template = tmp_path / "tokenizer_config.json"
    template.write_text(json.dumps({"chat_template": CHATML}))
    for form in (preference, prompt_completion):
        forms = [partial(form._records, as_text=as_text) for as_text in (False, True)]
        (record,) = lines_of(written(tmp_path / "turns", forms[0], rows["hh_rlhf"]))
        (text,) = lines_of(written(tmp_path / "text", forms[1], rows["hh_rlhf"], str(template)))
        assert trl.is_conversational(record)
        assert not trl.is_conversational(text)
        sides = trl.maybe_apply_chat_template(record, tokenizer)
        assert sides == {name: text[name] for name in sides}
        if form is preference:
            whole = {side: record["prompt"] + record[side] for side in ("chosen", "rejected")}
            assert trl.extract_prompt(whole) == {name: record[name] for name in ("prompt", *whole)}
