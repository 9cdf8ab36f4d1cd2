"""Names for what is published: cards, exports and reports do not show where files are on a machine."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from jobs.storage.store import redacted

# absolute paths, and those of mounted volumes
_LOCAL = re.compile(r"(?:file:|dbfs:)?/")

# a path of two or more parts in a sentence, which is not the end of an address or of a relative path
_BEFORE = r"(?<![\w/.~*-])"
_PART = r"[^\s/'\"`,;()<>|]"
_IN_SENTENCE = re.compile(rf"{_BEFORE}(?:file:(?://)?|dbfs:)?/(?:{_PART}+/)+{_PART}*")


def public_name(uri: str) -> str:
    """Return the last part of a local path; other addresses are names already, without their secrets.

    >>> [public_name(uri) for uri in ("/home/me/dumps/a.warc.gz", "file:///data/b", "dumps/*.xml")]
    ['a.warc.gz', 'b', 'dumps/*.xml']
    >>> public_name("s3://bucket/key")
    's3://bucket/key'
    """
    if _LOCAL.match(uri):
        return uri.rstrip("/").rpartition("/")[2] or "/"
    return redacted(uri)


def public_text(text: str, root: str) -> str:
    """Return a message with the public names of the root and of the local paths in it.

    >>> public_text("--root /my data/r: no file /home/me/a.json (https://x.org/a/b)", "/my data/r")
    '--root r: no file a.json (https://x.org/a/b)'
    """
    name = public_name(root)
    if _LOCAL.match(root) and name != "/":  # it may hold blanks
        text = re.sub(rf"{_BEFORE}{re.escape(root.rstrip('/'))}(?!\w)", lambda _: name, text)
    return _IN_SENTENCE.sub(lambda path: public_name(path[0]), text)


def published(value: Any) -> Any:
    """Return settings or figures with the public name of each address in them, at any depth."""
    if isinstance(value, str):
        return public_name(value) if _LOCAL.match(value) and "\n" not in value else value
    if isinstance(value, Mapping):
        return {published(key): published(member) for key, member in value.items()}
    if isinstance(value, list | tuple):
        return [published(member) for member in value]
    return value
