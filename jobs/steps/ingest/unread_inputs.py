"""Inputs that were not read to their end, and why."""

from __future__ import annotations

from collections.abc import Mapping

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs.sources.faults import STORAGE
from jobs.steps.ingest.changed_inputs import OBJECT_CHANGED
from jobs.steps.ingest.unique_ids import DUPLICATE_ID
from jobs.tables.runs import Record
from schemas.errors import UserError, one_line
from schemas.tables.outcomes import QUARANTINED

REASONS = (STORAGE, OBJECT_CHANGED)
"""Errors after which an input is read again by the next run."""

PREFIX = "quarantine:"
"""Prefix of the reasons of quarantined records."""

_LONGEST = 300  # characters of a store's message


def unread(record: Record, rejections: DataFrame) -> dict[str, str]:
    """Return the inputs that were not read to their end, each with the store's message."""
    if not any(PREFIX + reason in record.reasons for reason in REASONS):
        return {}
    notes = rejections.where(F.col("reason").isin(*REASONS)).groupBy("uri").agg(F.min("message"))
    return {uri: one_line(message)[:_LONGEST] for uri, message in notes.collect()}


def line(lost: Mapping[str, str], inputs: int) -> str:
    """Return what to print about inputs that were not read to their end."""
    uri = min(lost)
    return (
        f"{len(lost)} of {inputs} inputs were not read to their end ({_with_uri(uri, lost[uri])})"
    )


def check(
    name: str, record: Record, lost: Mapping[str, str], inputs: int, rejections: DataFrame
) -> None:
    """Refuse a group of which nothing was read.

    Raises
    ------
    UserError
        No input was read to its end, or each record is quarantined.
    """
    if len(lost) == inputs:
        raise UserError(f"{name}: {line(lost, inputs)}: nothing is published; run this again")
    unusable = {reason for reason in record.reasons if reason.startswith(PREFIX)}
    if record.rows_out or unusable != set(record.reasons) or PREFIX + DUPLICATE_ID in unusable:
        return
    first = rejections.where(F.col("outcome") == QUARANTINED).orderBy("uri", "at").first()
    if first is not None:
        why = f"{first['reason']}, {_with_uri(first['uri'], one_line(first['message'])[:_LONGEST])}"
        raise UserError(
            f"{name}: no record of {inputs} inputs can be used ({why}); nothing is published: check "
            "that the slice and the inputs are the right ones"
        )


def _with_uri(uri: str, message: str) -> str:
    return message if uri in message else f"{uri}: {message}"
