"""The outcome of each file of BigQuery's `github_repos`."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from urllib.parse import quote

from jobs.slices.names import hashed_name
from jobs.slices.outcome_batches import Document, Dropped, Outcome, Quarantined
from udfs.digest import sha1_digest
from udfs.extract.json_line import BAD_RECORD, storable
from udfs.extract.source_code import (
    FileStats,
    Limits,
    drop_reason_and_stats,
    drop_reason_of_path,
)
from udfs.extract.source_comments import clean_copyright_comments
from udfs.licenses import known, permitted, spdx

NAME = "github"
COLUMNS = (
    *("content", "id", "repo_name", "ref", "path", "mode", "size", "binary", "copies"),
    *("license", "language"),
)
TEXT = "content"
NEEDED = (TEXT, "path")
_HEADS = "refs/heads/"
_DEFAULT_BRANCH = "master"  # the branch of nearly all of BigQuery's files
_TRUE = (True, 1, "true", "True", "TRUE", "1")
_SAFE = "/:@!$&'()*+,;=~"


class Rules(NamedTuple):
    """The rules that a file must meet; `tokens` counts the tokens of a text."""

    licenses: tuple[str, ...]
    limits: Limits
    tokens: Callable[[str], int]


def outcome(record: dict[str, Any], uri: str, offset: int, rules: Rules) -> Outcome:
    """Return the outcome of a file, by V1's steps in their order.

    Dropped, each under its own reason, are files whose licence is not permitted (`license-gpl-3.0`),
    binary files, files without content, certificates and files named LICENSE; then, after their
    copyright notice is removed, those that `udfs.extract.source_code.drop_reason_and_stats` names.
    """
    path = storable(record.get("path"))
    content = record.get("content")
    if path is None or not (content is None or isinstance(content, str)):
        return Quarantined(uri, offset, "parse", BAD_RECORD, "the record has no path, or no text")
    license_ = spdx(storable(record.get("license")))
    if not permitted(license_, rules.licenses):
        return Dropped(uri, f"license-{_reason(license_)}")
    if record.get("binary") in _TRUE:
        return Dropped(uri, "binary")
    if content is None:
        return Dropped(uri, "no-content")
    reason = drop_reason_of_path(path)
    if reason:
        return Dropped(uri, reason)
    text = storable(clean_copyright_comments(content, path)) or ""
    reason, stats = drop_reason_and_stats(text, path, rules.tokens, rules.limits)
    if reason or stats is None:
        return Dropped(uri, reason or "empty")
    return _document(record, uri, offset, content, text, path, license_, stats)


def _reason(license_: str | None) -> str:
    """Return a licence as part of a reason: its name in SPDX, `other` or `none`."""
    if license_ is None:
        return "none"
    return license_.lower() if known(license_) else "other"


def _document(
    record: dict[str, Any],
    uri: str,
    offset: int,
    content: str,
    text: str,
    path: str,
    license_: str | None,
    stats: FileStats,
) -> Document:
    original = content.encode("utf-8", "replace")
    repo, ref = storable(record.get("repo_name")), storable(record.get("ref"))
    url = address(repo, ref, path) if repo else None
    return Document(
        id=id_of(record, uri, offset),
        text=text,
        uri=uri,
        offset=offset,
        url=url,
        digest=sha1_digest(original),
        license=license_,
        metadata=_metadata(record, path, hashlib.md5(original).hexdigest(), stats),
        source_domain="github.com" if url else None,
    )


def id_of(record: Mapping[str, Any], uri: str, offset: int) -> str:
    """Return the id of the document that a file makes."""
    path, *others = (storable(record.get(key)) for key in ("path", "repo_name", "ref", "id"))
    repo, ref, blob = others
    return f"{NAME}/{(path and name(repo, ref, path, blob)) or hashed_name(uri, offset, path)}"


def name(repo: str | None, ref: str | None, path: str, blob: str | None) -> str | None:
    """Return a file's name: `owner/repo/path`; None without repository and blob.

    The name has a branch other than master, `owner/repo@main/path`, so that a path on two branches has
    two names; slashes in the branch are %2F. Without a repository the name begins with the blob's id.

    >>> name("a/b", "refs/heads/master", "c/d.py", None)
    'a/b/c/d.py'
    >>> name("a/b", "refs/heads/fix/it", "c/d.py", None)
    'a/b@fix%2Fit/c/d.py'
    """
    if not repo:
        return f"{blob}/{path}" if blob else None
    branch = (ref or "").removeprefix(_HEADS)
    if not branch or branch == _DEFAULT_BRANCH:
        return f"{repo}/{path}"
    return f"{repo}@{quote(branch, safe='')}/{path}"


def address(repo: str, ref: str | None, path: str) -> str:
    """Return the URL of a file's page; without a ref, on the default branch."""
    branch = (ref or "").removeprefix(_HEADS) or "HEAD"
    return f"https://github.com/{_quoted(repo)}/blob/{_quoted(branch)}/{_quoted(path)}"


def _quoted(part: str) -> str:
    return part if _PLAIN.fullmatch(part) else quote(part, safe=_SAFE)


_PLAIN = re.compile(r"[A-Za-z0-9._/\-]+")


def _metadata(
    record: dict[str, Any], path: str, content_hash: str, stats: FileStats
) -> dict[str, str]:
    """Return V1's `meta`, without `language`, which is the key of a document's human language."""
    fields = {
        "content_hash": content_hash,
        "repo_name": _plain(record.get("repo_name")),
        "ref": _plain(record.get("ref")),
        "path": path,
        "blob_id": _plain(record.get("id")),
        "mode": _plain(record.get("mode")),
        "size": _plain(record.get("size")),
        "copies": _plain(record.get("copies")),
        "programming_languages": _languages(record.get("language")),
        **{key: str(value) for key, value in stats._asdict().items()},
    }
    return {key: value for key, value in fields.items() if value}


def _plain(value: Any) -> str | None:
    """Return a text, or a number as text: integers are texts in BigQuery's JSON."""
    return str(value) if isinstance(value, int | float) else storable(value)


def _languages(value: Any) -> str | None:
    """Return the names in `[{"name": ..., "bytes": ...}]`, in a list of names, or in one name."""
    items = value if isinstance(value, list) else [value]
    names = [storable(item.get("name") if isinstance(item, dict) else item) for item in items]
    return ",".join(name for name in names if name) or None
