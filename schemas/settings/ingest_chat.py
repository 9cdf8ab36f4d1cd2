"""The settings of `ingest` for sets of conversations, instructions and preferences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from schemas.errors import UserError
from schemas.settings.ingest_config import IngestConfig
from schemas.settings.options import option

FLAWS = ("deleted", "synthetic", "failed-review")


@dataclass(frozen=True)
class ChatConfig(IngestConfig):
    """Settings of every set of conversations."""

    family: ClassVar[str] = "chat"

    license: str | None = option(
        None,
        "licence of documents whose record names none, in SPDX (default: the set's own)",
        metavar="SPDX",
    )


@dataclass(frozen=True)
class OasstConfig(ChatConfig):
    """Read OpenAssistant Conversations: messages, threads or trees, as JSON lines or Parquet."""

    slice: ClassVar[str] = "oasst"

    threads: str = option(
        "all",
        "threads of a tree to take: all, the best (of rank 0), or those of the N best answers to each "
        "message",
        metavar="all|best|N",
    )
    form: Literal["threads", "preferences", "both"] = option(
        "threads",
        "take threads, the choices between ranked answers to a prompt, or both",
    )
    leave_out: tuple[str, ...] = option(
        FLAWS,
        "flaws of a message that leave its threads out",
        metavar="FLAW",
        choices=FLAWS,
    )
    tree_states: tuple[str, ...] = option(
        ("ready_for_export",),
        "states of trees to take; trees without a state are taken",
        metavar="STATE",
    )

    def __post_init__(self) -> None:
        if self.threads not in ("all", "best") and not self.top:
            raise UserError(f"--threads: expected all, best or a number, found {self.threads!r}")

    @property
    def top(self) -> int | None:
        """The number of answers to each message that threads may have; None for all."""
        if self.threads == "best":
            return 1
        number = self.threads.removeprefix("top").strip()
        return int(number) if number.isdecimal() and int(number) else None


@dataclass(frozen=True)
class DollyConfig(ChatConfig):
    """Read databricks-dolly-15k: JSON lines or Parquet of instruction, context and response."""

    slice: ClassVar[str] = "dolly"


@dataclass(frozen=True)
class AlpacaConfig(ChatConfig):
    """Read Alpaca: a JSON array, JSON lines or Parquet of instruction, input and output.

    Alpaca Libre's work files and files of seed tasks are read too.
    """

    slice: ClassVar[str] = "alpaca"


@dataclass(frozen=True)
class LongformConfig(ChatConfig):
    """Read LongForm: JSON or Parquet of input and output."""

    slice: ClassVar[str] = "longform"


@dataclass(frozen=True)
class HhRlhfConfig(ChatConfig):
    """Read HH-RLHF: transcripts, chosen and rejected; also pairs as TRL reads them."""

    slice: ClassVar[str] = "hh_rlhf"


@dataclass(frozen=True)
class OigConfig(ChatConfig):
    """Read OIG and OpenChatKit's files: texts with the turns <human>: and <bot>:."""

    slice: ClassVar[str] = "oig"


@dataclass(frozen=True)
class OpenaiMessagesConfig(ChatConfig):
    """Read JSON or Parquet whose records have `messages`, a list of role and content."""

    slice: ClassVar[str] = "openai_messages"


@dataclass(frozen=True)
class SharegptConfig(ChatConfig):
    """Read ShareGPT: JSON or Parquet whose records have `conversations`, a list of from and value."""

    slice: ClassVar[str] = "sharegpt"


CHAT: tuple[type[ChatConfig], ...] = (
    OasstConfig,
    DollyConfig,
    AlpacaConfig,
    LongformConfig,
    HhRlhfConfig,
    OigConfig,
    OpenaiMessagesConfig,
    SharegptConfig,
)
"""The sets, those that people wrote before those that models did."""
