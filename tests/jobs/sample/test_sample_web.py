"""The sample's crawl: readable archives, and every planted capture."""

from __future__ import annotations

import itertools
import json
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest

from jobs.sample.duplicates import jaccard, shingles
from jobs.sample.web import Plan, make_web, write_truth
from udfs.extract.html import extract
from udfs.models.model_files import language_model_path, load_language_model


class Crawl:
    """The archives on disk, the description in truth.json, and the plan behind them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        write_truth(folder / "truth.json", make_web(folder, 0))
        self.truth: dict[str, list[dict[str, Any]]] = json.loads(
            (folder / "truth.json").read_text(encoding="utf-8")
        )
        self.plan = Plan(0)

    def archives(self, form: str, damage: str | None = None) -> list[Path]:
        rows = self.truth["archives"]
        matching = [row for row in rows if (row["form"], row["damage"]) == (form, damage)]
        return [self.folder / row["path"] for row in matching]

    def captures(self, path: Path) -> list[dict[str, Any]]:
        name = str(path.relative_to(self.folder))
        return [row for row in self.truth["captures"] if row["path"] == name]


@pytest.fixture(scope="module")
def crawl(tmp_path_factory: pytest.TempPathFactory) -> Crawl:
    return Crawl(tmp_path_factory.mktemp("crawl"))


def records(path: Path) -> list[tuple[str, str, int, bytes]]:
    """Return record id, URL, offset and payload of each response or conversion."""
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    wanted = WarcRecordType.response | WarcRecordType.conversion
    with path.open("rb") as file:
        return [
            (
                record.headers["WARC-Record-ID"].strip("<>"),
                record.headers["WARC-Target-URI"],
                record.stream_pos,
                record.reader.read(),
            )
            for record in ArchiveIterator(file, record_types=wanted)
        ]


@pytest.mark.parametrize("form", ["warc", "wet"])
def test_fastwarc_reads_each_capture_at_its_offset(crawl: Crawl, form: str) -> None:
    paths = crawl.archives(form)
    assert len(paths) == (6 if form == "warc" else 2)
    for path in paths:
        expected = [(c["record_id"], c["url"], c["offset"]) for c in crawl.captures(path)]
        assert [(name, url, offset) for name, url, offset, _ in records(path)] == expected


@pytest.mark.parametrize("form", ["warc", "wet", "arc"])
def test_warcio_reads_all_and_confirms_every_digest(crawl: Crawl, form: str) -> None:
    from warcio.archiveiterator import ArchiveIterator

    for path in crawl.archives(form):
        urls, digests = [], []
        with path.open("rb") as file:
            for record in ArchiveIterator(
                file, check_digests=form != "arc", arc2warc=form == "arc"
            ):
                record.raw_stream.read()
                digests.append(record.digest_checker.passed)
                if record.rec_type in ("response", "conversion"):
                    urls.append(record.rec_headers.get_header("WARC-Target-URI"))
        assert urls == [row["url"] for row in crawl.captures(path)]
        assert set(digests) <= ({True, None} if form != "arc" else {None})


def test_the_lists_of_a_crawl_name_its_archives(crawl: Crawl) -> None:
    import gzip

    for snapshot in ("CC-MAIN-2099-01", "CC-MAIN-2099-06"):
        for form in ("warc", "wet"):
            listing = crawl.folder / "crawl-data" / snapshot / f"{form}.paths.gz"
            listed = gzip.decompress(listing.read_bytes()).decode().split()
            paths = sorted((crawl.folder / "crawl-data" / snapshot).glob(f"segments/*/{form}/*"))
            assert listed == [str(path.relative_to(crawl.folder)) for path in paths]


def test_archives_are_damaged_as_described(crawl: Crawl) -> None:
    from warcio.archiveiterator import ArchiveIterator

    [empty] = crawl.archives("warc", "empty")
    assert empty.stat().st_size == 0

    [damaged] = crawl.archives("warc", "damaged")
    with pytest.raises(OSError, match="data error"):
        records(damaged)
    [cut] = crawl.archives("warc", "cut")
    lost = [row for row in crawl.captures(cut) if not row["readable"]]
    assert lost == crawl.captures(cut)[-1:]
    assert lost[0]["offset"] < cut.stat().st_size < lost[0]["offset"] + lost[0]["length"]

    # intact members follow the damage: a reader that finds them loses only one page
    [lost_one] = [row for row in crawl.captures(damaged) if not row["readable"]]
    after = next(c for c in crawl.captures(damaged) if c["offset"] > lost_one["offset"])
    with damaged.open("rb") as file:
        file.seek(after["offset"])
        first = next(iter(ArchiveIterator(file)))
        assert first.rec_headers.get_header("WARC-Target-URI") == after["url"]


def test_the_crawl_has_every_oddity(crawl: Crawl) -> None:
    kinds = Counter(row["kind"] for row in crawl.truth["captures"])
    assert kinds["page"] > 700
    charsets = {"declared", "in-meta", "in-header", "undeclared", "lie", "usual-lie"}
    charsets |= {"byte-order-mark", "guest"}
    responses = {"not-found", "moved", "server-error", "content-encoding", "no-content-type"}
    pages = {"lorem", "spam", "short", "code", "huge", "xhtml", "empty", "blank"}
    files = {"image", "pdf", "css", "json", "plain-text"}
    records = {"truncated-record", "duplicate-id"}
    copies = {"exact", "near", "apart", "arc", "wet"}
    expected = responses | pages | files | records
    expected |= {f"charset-{name}" for name in charsets} | {f"{name}-copy" for name in copies}
    assert expected - kinds.keys() == set()
    statuses = Counter(row["status"] for row in crawl.truth["captures"])
    assert set(statuses) == {200, 301, 404, 500}


def test_exactly_one_record_id_occurs_twice(crawl: Crawl) -> None:
    ids = Counter(row["record_id"] for row in crawl.truth["captures"] if row["record_id"])
    twice = [name for name, count in ids.items() if count > 1]
    assert len(twice) == 1
    rows = [row for row in crawl.truth["captures"] if row["record_id"] == twice[0]]
    assert [row["kind"] for row in rows] == ["page", "duplicate-id"]


def test_exact_copies_have_the_same_bytes(crawl: Crawl) -> None:
    bodies: dict[tuple[str, str], bytes] = {}
    for path in crawl.archives("warc"):
        for _, url, _, payload in records(path):
            bodies[str(path.relative_to(crawl.folder)), url] = payload
    pairs = [pair for pair in crawl.truth["pairs"] if pair["kind"] == "exact"]
    assert len(pairs) == 24
    for pair in pairs:
        first, second = ((end["path"], end["url"]) for end in pair["captures"])
        assert first != second
        assert bodies[first] == bodies[second]


def test_only_planted_pairs_are_similar_and_as_much_as_described(crawl: Crawl) -> None:
    texts = {
        (archive.path, item.url): item.text
        for archive, items in crawl.plan.contents.items()
        for item in items
        if item.text
    }
    planted = set()
    for pair in crawl.truth["pairs"]:
        first, second = ((end["path"], end["url"]) for end in pair["captures"])
        planted.add(frozenset((first, second)))
        assert jaccard(texts[first], texts[second]) == pytest.approx(pair["similarity"], abs=1e-4)
        low, high = {"near": (0.8, 0.96), "apart": (0.45, 0.55)}.get(pair["kind"], (1, 1))
        assert low <= pair["similarity"] <= high

    holders = defaultdict(list)
    sets = {key: shingles(text) for key, text in texts.items()}
    for key, grams in sets.items():
        for gram in grams:
            holders[gram].append(key)
    shared: Counter[tuple[Any, Any]] = Counter()
    for keys in holders.values():
        shared.update(itertools.combinations(keys, 2))
    for (first, second), count in shared.items():
        if frozenset((first, second)) not in planted:
            similarity = count / (len(sets[first]) + len(sets[second]) - count)
            assert similarity < 0.35, (first, second)


def test_near_copies_share_no_line(crawl: Crawl) -> None:
    """Paragraph dedup therefore keeps them, and document dedup has to detect them."""
    texts = {item.url: item for items in crawl.plan.contents.values() for item in items}
    for pair in crawl.truth["pairs"]:
        if pair["kind"] in ("near", "apart"):
            one, two = (set(texts[end["url"]].text.split("\n")[1:]) for end in pair["captures"])
            assert one
            assert not one & two


def test_languages_are_identified_as_intended(crawl: Crawl) -> None:
    model = load_language_model(language_model_path())
    types = {
        (archive.path, item.url): item.content_type
        for archive, items in crawl.plan.contents.items()
        for item in items
    }
    right, wrong = 0, []
    for path in crawl.archives("warc"):
        for row, (_, url, _, payload) in zip(crawl.captures(path), records(path), strict=True):
            if row["language"] is None or row["status"] != 200:
                continue
            if row["kind"] in ("lorem", "content-encoding"):  # no language, and not yet decoded
                continue
            text = extract(payload, types[row["path"], url]).text.replace("\n", "")
            [[label]], _ = model.predict([text], k=1)
            if label == f"__label__{row['language']}":
                right += 1
            else:
                wrong.append((url, label))
    assert right > 600
    assert len(wrong) < right / 50, wrong
