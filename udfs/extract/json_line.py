"""Parse a record of JSON lines, including JSON that orjson rejects."""

from __future__ import annotations

import json
from typing import Any, NoReturn

import orjson

from schemas.errors import one_line
from udfs.extract.errors import ExtractionError

BROKEN_JSON = "broken-json"
BAD_RECORD = "bad-record"
NOT_UTF8 = "not-utf8"


def parse(line: bytes) -> dict[str, Any]:
    """Return the JSON object in a line.

    An escaped lone surrogate, which JSON allows but UTF-8 cannot encode, becomes U+FFFD.

    Raises
    ------
    ExtractionError
        `broken-json`: the line is not JSON. `not-utf8`: it is not UTF-8. `bad-record`: it is JSON
        but not an object.
    """
    try:
        record = orjson.loads(line)
    except orjson.JSONDecodeError:
        record = _parse_again(line)
    if not isinstance(record, dict):
        raise ExtractionError(BAD_RECORD, "the line is not a JSON object")
    return record


def storable(value: Any) -> str | None:
    """Return a string without NUL, at which many Parquet readers fail; None for other types."""
    if not isinstance(value, str):
        return None
    return value.replace("\0", "") if "\0" in value else value


def _parse_again(line: bytes) -> Any:
    """Return the value in a line, parsed by the standard library, which accepts lone surrogates."""
    try:
        record = json.loads(line.decode(), parse_constant=_reject_constant)
        text = json.dumps(record, ensure_ascii=False)
        paired = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        return json.loads(paired)
    except UnicodeDecodeError as error:
        raise ExtractionError(NOT_UTF8, f"the line is not UTF-8: {error}") from error
    except (ValueError, RecursionError) as error:
        raise ExtractionError(BROKEN_JSON, one_line(error)) from error


def _reject_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not valid JSON")
