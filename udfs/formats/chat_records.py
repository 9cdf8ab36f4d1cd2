"""Records of conversations as trainers read them.

The forms are those of OpenAI's fine-tuning files and the Hub (`messages`), ShareGPT's files, Stanford's
Alpaca, and TRL's dataset formats (prompt-completion and preference; conversational, or standard with texts).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from udfs.chat.conversation import ASSISTANT, SYSTEM, TOOL, USER, answers
from udfs.chat.instructions import parts
from udfs.chat.segments import NotRepresentable, spans, text_of
from udfs.chat.templates import ChatTemplate

NO_ANSWER = "no-answer"
NO_CHOICE = "no-choice"
NOT_ONE_TURN = "not-one-turn"

_SHAREGPT = {SYSTEM: "system", USER: "human", ASSISTANT: "gpt", TOOL: "tool"}
_INSTRUCTION = "input"  # a key of `extra` that is not OpenAI's

Row = Mapping[str, Any]
Record = dict[str, Any]


def best(row: Row) -> list[Row]:
    """Return the messages of a conversation; of a choice, those with the best answer."""
    messages = row["messages"]
    shared, choice = answers(messages)
    return [messages[i] for i in (*shared, *(choice[0] if choice else ()))]


def about(row: Row) -> Record:
    """Return where a conversation is from: id, source, licence, language, tree and quality.

    `quality` is the mean of the labels `quality` of its answers; a value that is not known is left out.
    """
    labels = [dict(item["labels"] or ()) for item in row["messages"] if item["role"] == ASSISTANT]
    rated = [values["quality"] for values in labels if "quality" in values]
    metadata = dict(row["metadata"] or ())
    known = {
        "id": row["id"],
        "source": row["slice"],
        "license": row["license"],
        "language": row["language"],
        "tree": metadata.get("tree"),
        "quality": sum(rated) / len(rated) if rated else None,
    }
    return {name: value for name, value in known.items() if value is not None}


def messages(row: Row) -> Record:
    """Return a record of the form `messages`."""
    return {"messages": [_openai(item) for item in best(row)], **about(row)}


def stored_messages(row: Row) -> list[Record] | None:
    """Return role, content and `extra` (JSON, or null) of the messages; null for another document."""
    if not row.get("messages"):
        return None
    return [{name: item[name] for name in ("role", "content", "extra")} for item in best(row)]


def _openai(item: Row) -> Record:
    extra = json.loads(item["extra"]) if item["extra"] else {}
    extra.pop(_INSTRUCTION, None)
    return {"role": item["role"], "content": item["content"] or "", **extra}


def sharegpt(row: Row) -> Record:
    """Return a record of ShareGPT's form."""
    turns = [
        {"from": _SHAREGPT[item["role"]], "value": item["content"] or ""} for item in best(row)
    ]
    return {"conversations": turns, **about(row)}


def alpaca(row: Row) -> Record:
    """Return a record of Alpaca's form.

    Raises
    ------
    NotRepresentable
        `not-one-turn`: it is not one question and its answer.
    """
    asked, answer = _one_turn(best(row))
    instruction, more = parts(asked["content"] or "", asked["extra"])
    fields = {"instruction": instruction, "input": more, "output": answer["content"] or ""}
    return {**fields, **about(row)}


def prompt_completion(row: Row, template: ChatTemplate | None, *, as_text: bool) -> Record:
    """Return a record of a prompt and its completion: lists of messages, or texts.

    Parameters
    ----------
    template
        Writes the texts; without one, only a question and its answer are texts by themselves.

    Raises
    ------
    NotRepresentable
        `no-answer`: the last message is not the assistant's; or as the template.
    """
    turns = best(row)
    if len(turns) < 2 or turns[-1]["role"] != ASSISTANT:
        raise NotRepresentable(NO_ANSWER)
    if not as_text:
        sides: Record = {
            "prompt": [_openai(item) for item in turns[:-1]],
            "completion": [_openai(turns[-1])],
        }
    else:
        prompt, completion = _texts(turns[:-1], turns[-1:], template)
        sides = {"prompt": prompt, "completion": completion}
    return {**sides, **about(row)}


def preferences(row: Row, template: ChatTemplate | None, *, as_text: bool) -> list[Record]:
    """Return a record for each answer of a choice that is worse than the best.

    Raises
    ------
    NotRepresentable
        `no-choice`: the conversation has none; or as the template.
    """
    shared, choice = answers(row["messages"])
    if not choice:
        raise NotRepresentable(NO_CHOICE)
    turns = [row["messages"][i] for i in shared]
    sides = [[row["messages"][i] for i in tail] for tail in choice]
    known = about(row)
    records = []
    for worse in sides[1:]:
        pair: Record = {}
        if as_text:
            pair["prompt"], pair["chosen"] = _texts(turns, sides[0], template)
            _, pair["rejected"] = _texts(turns, worse, template)
        else:
            named = {"prompt": turns, "chosen": sides[0], "rejected": worse}
            pair = {name: [_openai(item) for item in items] for name, items in named.items()}
        ids = {"chosen_id": sides[0][0]["id"], "rejected_id": worse[0]["id"]}
        records.append({**pair, **ids, **known})
    return records


def chat_text(row: Row, template: ChatTemplate) -> Record:
    """Return a text and the spans of it that are learnt; all of it for a document of another kind.

    Raises
    ------
    NotRepresentable
        As `ChatTemplate.text_segments`.
    """
    if not row["messages"]:
        known = {name: row[name] for name in ("id", "license", "language") if row[name] is not None}
        text = row["text"] or ""
        return {"text": text, "spans": [[0, len(text)]], "source": row["slice"], **known}
    segments = template.text_segments(best(row))
    return {"text": text_of(segments), "spans": spans(segments), **about(row)}


def _one_turn(turns: Sequence[Row]) -> tuple[Row, Row]:
    if [item["role"] for item in turns] != [USER, ASSISTANT]:
        raise NotRepresentable(NOT_ONE_TURN)
    return turns[0], turns[1]


def _texts(
    before: Sequence[Row], after: Sequence[Row], template: ChatTemplate | None
) -> tuple[str, str]:
    """Return the texts of the turns before an answer, and of the answer.

    With a template the prompt has all that precedes the answer's content.
    """
    if template is None:
        asked, answer = _one_turn([*before, *after])
        return asked["content"] or "", answer["content"] or ""
    segments = template.text_segments([*before, *after])
    contents = [i for i, segment in enumerate(segments) if not segment.is_markup]
    wanted = sum(1 for item in after if (item["content"] or "").strip())
    first = contents[-wanted] if wanted else len(segments)
    return (
        "".join(segment.text for segment in segments[:first]),
        "".join(segment.text for segment in segments[first:]),
    )
