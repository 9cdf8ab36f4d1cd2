"""The sets of conversations: each one's reader, columns and licence.

The formats and licences are those of the sets' cards on the Hub and of their own repositories. OIG's parts,
lists of messages and ShareGPT's files have no single licence; a record may name its own.
"""

from __future__ import annotations

from jobs.slices.chat.chat_set import ChatSet
from jobs.slices.chat.oasst import Oasst
from schemas.settings import ingest_chat as settings
from udfs.chat import instructions, message_lists, transcripts

OASST = Oasst()

DOLLY = ChatSet(
    settings.DollyConfig,
    instructions.dolly,
    columns=("instruction", "context", "response", "category"),
    needed=("instruction", "response"),
    license="CC-BY-SA-3.0",
)

ALPACA = ChatSet(
    settings.AlpacaConfig,
    instructions.alpaca,
    columns=("instruction", "input", "output", "status", "instances", "id", "name"),
    needed=("instruction",),
    license="CC-BY-NC-4.0",
)

LONGFORM = ChatSet(
    settings.LongformConfig,
    instructions.longform,
    columns=("input", "output", "source", "subset"),
    needed=("input", "output"),
    license="MIT",
)

HH_RLHF = ChatSet(
    settings.HhRlhfConfig,
    transcripts.hh_rlhf,
    columns=("prompt", "chosen", "rejected", "transcript", "rating", "task_description"),
    needed=(),
    license="MIT",
)

OIG = ChatSet(
    settings.OigConfig, transcripts.oig, columns=("text", "metadata", "meta"), needed=("text",)
)

OPENAI_MESSAGES = ChatSet(
    settings.OpenaiMessagesConfig,
    message_lists.openai_messages,
    columns=("messages", "system", "id", "source", "category", "model", "license"),
    needed=("messages",),
)

SHAREGPT = ChatSet(
    settings.SharegptConfig,
    message_lists.sharegpt,
    columns=("conversations", "conversation", "items", "system", "system_prompt", "id", "source"),
    needed=(),
)
