"""Documents are found by each spelling of their URL."""

from __future__ import annotations

from pathlib import Path

import pytest
from plain_roots import context, fill
from rows import document

from jobs import trace
from jobs.steps.takedown import entries
from jobs.steps.trace import urls
from jobs.tables import file_scan
from schemas.errors import UserError
from schemas.settings.takedown import TakedownConfig
from schemas.settings.trace import TraceConfig


@pytest.fixture
def root(tmp_path: Path) -> Path:
    pages = ("https://a.example/%7Eme/", "http://a.example/~me", "https://www.b.example/x", None)
    fill(tmp_path, "documents", [document(str(i), "x", url=url) for i, url in enumerate(pages)])
    fill(tmp_path, "annotated", [document("9", "x", url="https://only.example/", bucket="all")])
    return tmp_path


@pytest.mark.parametrize("place", ["in this process", "in a Spark job"])
def test_spellings_name_the_same_documents(
    root: Path, place: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    if place == "in a Spark job":
        request.getfixturevalue("spark")
        monkeypatch.setattr(file_scan, "FEW_FILES", 0)
    given = context(root)
    pair = ["common_crawl/0", "common_crawl/1"]
    for url in ("a.example/~me/", "HTTPS://A.example:443/x/../%7eme#top"):
        assert urls.ids_of(given, [url]) == (pair, [])
    assert urls.ids_of(given, ["http://a.example/~me", "//only.example"]) == (
        [*pair, "common_crawl/9"],
        [],
    )


def test_what_is_unknown_is_explained(root: Path) -> None:
    given = context(root)
    config = TakedownConfig(root=str(root), domain=("gone.example",), reason="asked")
    entries.record(given, entries.distinct(config), config, "run")
    asked = ["https://b.example/x", "https://www.gone.example/1", "https://c.example/", " "]
    ids, lines = urls.ids_of(given, asked)
    assert ids == []
    assert [line.replace(str(root), "R") for line in lines] == [
        "no document of https://b.example/x in R (did you mean https://www.b.example/x?)",
        "no document of https://www.gone.example/1 in R: taken down by domain gone.example",
        "no document of https://c.example/ in R",
        "no document of   in R",
    ]
    with pytest.raises(UserError, match=r"no document of https://c\.example/ in"):
        trace.run(given, TraceConfig(root=str(root), url=("https://c.example/",), raw=True))
    with pytest.raises(UserError, match="nothing to trace: give ids or --url"):
        trace.run(given, TraceConfig(root=str(root)))
