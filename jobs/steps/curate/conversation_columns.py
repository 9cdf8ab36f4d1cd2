"""Columns of conversations that rules name: the prompt, the answers, the number of turns, and labels."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

_OF_ROLE = """case when messages is not null then array_join(transform(
    filter(messages, turn -> turn.role = '{role}'), turn -> turn.content), '\\n\\n') end"""
_HIGHEST = """array_max(transform(messages, turn -> greatest({labels})))"""

COLUMNS = {
    # of all messages of the user, and of the assistant, with a blank line between them
    "prompt": _OF_ROLE.format(role="user"),
    "answer": _OF_ROLE.format(role="assistant"),
    # what an instruction is about; empty where it has no such part
    "input": """case when messages is not null then coalesce(substring(get(messages, 0).content,
        try_cast(get_json_object(get(messages, 0).extra, '$.input') as int) + 1), '') end""",
    "turns": "case when messages is not null then size(messages) end",
    # null where no message has such a label
    "toxicity": _HIGHEST.format(
        labels="""try_element_at(turn.labels, 'toxicity'),
        try_element_at(turn.labels, 'detoxify_toxicity')"""
    ),
}
"""Name -> SQL over the column `messages`; null for documents that are no conversations."""


def with_columns(rows: DataFrame) -> DataFrame:
    """Return rows of annotated/ with these columns; a rule that names none of them costs nothing."""
    columns: dict[str, Column] = {name: F.expr(sql) for name, sql in COLUMNS.items()}
    return rows.withColumns(columns)
