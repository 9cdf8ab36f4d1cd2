"""A record of JSON lines, as far as it can be had."""

from __future__ import annotations

import json
from typing import Any, NoReturn

import orjson

from udfs.extract.errors import ExtractionError

BROKEN_JSON = "broken-json"
BAD_RECORD = "bad-record"
NOT_UTF8 = "not-utf8"


def parse(line: bytes) -> dict[str, Any]:
    """Return the object in a line.

    Half a surrogate pair, which JSON can spell but no text can hold, becomes U+FFFD.

    Raises
    ------
    ExtractionError
        `broken-json`, `not-utf8`; `bad-record` for JSON that is no object.
    """
    try:
        record = orjson.loads(line)
    except orjson.JSONDecodeError:
        record = _parse_again(line)
    if not isinstance(record, dict):
        raise ExtractionError(BAD_RECORD, "the line holds no JSON object")
    return record


def storable(value: Any) -> str | None:
    """Return a text without NUL, which many readers of Parquet stumble over; None for no text."""
    if not isinstance(value, str):
        return None
    return value.replace("\0", "") if "\0" in value else value


def _parse_again(line: bytes) -> Any:
    """Parse with the standard library, which takes surrogates one by one; orjson refuses them."""
    try:
        record = json.loads(line.decode(), parse_constant=_refuse)
        text = json.dumps(record, ensure_ascii=False)
        whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        return json.loads(whole)
    except UnicodeDecodeError as error:
        raise ExtractionError(NOT_UTF8, f"the line is not UTF-8: {error}") from error
    except (ValueError, RecursionError) as error:
        raise ExtractionError(BROKEN_JSON, " ".join(str(error).split())) from error


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")
