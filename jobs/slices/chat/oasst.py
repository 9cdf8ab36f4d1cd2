"""OASST: OpenAssistant Conversations as trees, threads or flat messages, in JSON lines or Parquet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from jobs.slices.chat import raw, records
from jobs.slices.chat.chat_set import unusable_record
from jobs.slices.chat.documents import document
from jobs.slices.chat.records import Record
from jobs.slices.outcome_batches import Dropped, Outcome, Quarantined
from jobs.slices.raw.record import Place, RawRecord
from jobs.slices.slice import Slice
from jobs.sources.splits import ByteRange, Split, whole
from jobs.storage import ObjectInfo
from schemas.settings.ingest_chat import OasstConfig
from udfs.chat.conversation import Conversation, Left
from udfs.chat.oasst import trees
from udfs.chat.oasst.conversations import conversations
from udfs.chat.oasst.node import Node, node_of
from udfs.chat.oasst.threads import Rules
from udfs.extract.errors import ExtractionError
from udfs.extract.time_limit import Limited

LICENSE = "Apache-2.0"
_FORMS = {"threads": (False,), "preferences": (True,), "both": (False, True)}
NEEDED = ("message_id", "text", "role")
COLUMNS = (
    *("message_id", "parent_id", "created_date", "text", "role", "lang", "review_count"),
    *(
        "review_result",
        "deleted",
        "rank",
        "synthetic",
        "model_name",
        "emojis",
        "labels",
        "detoxify",
    ),
    *("message_tree_id", "tree_state", "thread_id"),
)


class Oasst(Slice[OasstConfig]):
    """A document is a thread, or a choice between ranked answers.

    Flat messages are in memory until their file ends, as any of them may answer any other.
    """

    config = OasstConfig

    def splits(self, objects: Sequence[ObjectInfo], config: OasstConfig) -> list[Split]:
        """Return whole files: a tree of flat messages may cross any part of one."""
        return whole(objects)

    def outcomes(self, byte_range: ByteRange, config: OasstConfig) -> Iterator[Outcome]:
        """Yield the outcomes of the trees in a file."""
        uri, rules = byte_range.uri, rules_of(config)
        flat: list[Node] = []
        for record in records.read(byte_range, COLUMNS, NEEDED, config.max_record_bytes):
            unusable = unusable_record(uri, record)
            if unusable:
                yield unusable
                continue
            try:
                with Limited():
                    root = _root(record)
                    if root is None:
                        flat.append(node_of(record.values or {}, record.offset))
                        continue
                    items = _conversations(root, rules, config)
            except ExtractionError as error:
                yield Quarantined(uri, record.offset, "extract", error.error, error.message)
                continue
            yield from self._outcomes(items, uri, config)
        yield from self._of_flat(flat, uri, rules, config)

    def _of_flat(
        self, flat: Sequence[Node], uri: str, rules: Rules, config: OasstConfig
    ) -> Iterator[Outcome]:
        roots, unplaced = trees.rebuilt(flat)
        for node, error, message in unplaced:
            yield Quarantined(uri, node.offset, "extract", error, message)
        for root in roots:
            try:
                items = _conversations(root, rules, config)
            except ExtractionError as fault:
                yield Quarantined(uri, root.offset, "extract", fault.error, fault.message)
                continue
            yield from self._outcomes(items, uri, config)

    def _outcomes(
        self, items: Sequence[Conversation | Left], uri: str, config: OasstConfig
    ) -> Iterator[Outcome]:
        for item in items:
            if isinstance(item, Left):
                yield Dropped(uri, item.reason, item.n)
            else:
                license_ = config.license or LICENSE
                yield document(item, self.name, uri, item.offset or 0, 0, license_)

    def raw_record(self, place: Place) -> RawRecord:
        """Return the record of a thread or of its last message."""

        def made(record: Record) -> Iterator[Conversation]:
            root = _root(record)
            if root is None:
                node = node_of(record.values or {})
                yield Conversation((node.message,), key=node.id)
                return
            everything = Rules(None, frozenset(), frozenset(), place.max_bytes)
            for pairs in (False, True):
                for item in conversations(root, everything, pairs=pairs):
                    if isinstance(item, Conversation):
                        yield item

        return raw.read(place, made, COLUMNS)


def _conversations(root: Node, rules: Rules, config: OasstConfig) -> list[Conversation | Left]:
    forms = _FORMS[config.form]
    return [item for pairs in forms for item in conversations(root, rules, pairs=pairs)]


def rules_of(config: OasstConfig) -> Rules:
    """Return which threads the settings take."""
    return Rules(
        config.top,
        frozenset(config.leave_out),
        frozenset(config.tree_states),
        config.max_record_bytes,
    )


def _root(record: Record) -> Node | None:
    """Return the root of the tree or thread in a record; None for a flat message."""
    values = record.values or {}
    if trees.is_tree(values):
        return trees.nested(values, record.offset)
    return trees.thread(values, record.offset) if trees.is_thread(values) else None
