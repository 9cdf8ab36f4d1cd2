"""The sample's crawl: its sites, pages, planted captures and archives."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Literal

from jobs.sample.archive import Written, arc, gzip_member, record_id, warc, wet
from jobs.sample.captures import Capture, capture
from jobs.sample.draw import Draw
from jobs.sample.duplicates import Pair, exact_copies, near_pairs
from jobs.sample.oddities import odd_captures
from jobs.sample.pages import KINDS, Page, Site, Writer

SITES = {
    "en": "hearth-and-harbour thornby-gazette plain-kitchen good-tools shed-talk old-parishes",
    "de": "land-und-leute lindenroder-bote backtag werkzeugkiste bastlerecke ortschronik",
    "fr": "pierres-et-saisons echo-de-montbrun table-du-soir bel-ouvrage entre-voisins registres",
    "es": "piedra-y-rio eco-de-robledillo cuchara-de-palo buen-oficio charla-de-taller concejo",
    "it": "acqua-e-pietra voce-di-valdombra cucina-di-zia buona-bottega fra-vicini carte-comuni",
}
"""Names of each language's sites, one per kind of page in the order of `KINDS`."""

PAGES = {"en": 34}
DEFAULT_PAGES = 23
"""Number of ordinary pages per site."""

Form = Literal["warc", "wet", "arc"]
WRITERS: dict[Form, Callable[..., tuple[bytes, list[Written]]]] = {
    "warc": warc,
    "wet": wet,
    "arc": arc,
}


@dataclass(frozen=True)
class Archive:
    """An archive of the crawl.

    Attributes
    ----------
    damage
        `cut`: the archive ends within its last response; `damaged`: bytes of one response are
        wrong; `empty`: the archive has no bytes; None: it is intact.
    """

    snapshot: str
    began: datetime
    number: int
    form: Form = "warc"
    damage: Literal["cut", "damaged", "empty"] | None = None

    @property
    def name(self) -> str:
        """File name of the archive."""
        if self.form == "arc":
            return f"{self.began.timestamp() * 1000:.0f}_{self.number}.arc.gz"
        span = f"{self.began:%Y%m%d%H%M%S}-{self.began.replace(hour=3):%Y%m%d%H%M%S}"
        return (
            f"CC-MAIN-{span}-{self.number:05}.warc" + (".wet" if self.form == "wet" else "") + ".gz"
        )

    @property
    def path(self) -> str:
        """Path below the root of the crawls, in Common Crawl's layout."""
        if self.form == "arc":
            return f"{self.snapshot}/{self.began:%Y/%m/%d}/{self.number}/{self.name}"
        segment = f"{self.began.timestamp() * 1000:.0f}.{self.number:02}"
        return f"crawl-data/{self.snapshot}/segments/{segment}/{self.form}/{self.name}"


JANUARY, FEBRUARY = (datetime(2099, month, 1, tzinfo=timezone.utc) for month in (1, 2))
FIRST, SECOND, OLDEST = "CC-MAIN-2099-01", "CC-MAIN-2099-06", "crawl-001"

WHOLE = [Archive(FIRST, JANUARY, number) for number in range(4)]
LATER = [Archive(SECOND, FEBRUARY, number) for number in range(2)]
CUT = Archive(FIRST, JANUARY, 4, damage="cut")
EMPTY = Archive(FIRST, JANUARY, 5, damage="empty")
DAMAGED = Archive(SECOND, FEBRUARY, 2, damage="damaged")
TEXTS = [Archive(SECOND, FEBRUARY, number, "wet") for number in (3, 4)]
ARC = Archive(OLDEST, datetime(2098, 6, 1, tzinfo=timezone.utc), 0, "arc")
ARCHIVES = [*WHOLE, CUT, EMPTY, *LATER, DAMAGED, *TEXTS, ARC]


def sites() -> list[Site]:
    """Return the sites of the crawl."""
    return [
        Site(f"www.{name}.example", name.replace("-", " ").title(), language, kind)
        for language, names in SITES.items()
        for name, kind in zip(names.split(), KINDS, strict=True)
    ]


def pages(site: Site, seed: int) -> Iterator[Page]:
    """Yield the ordinary pages of a site."""
    for number in range(PAGES.get(site.language, DEFAULT_PAGES)):
        title, blocks = KINDS[site.kind](
            Writer(site.language, Draw("page", seed, site.host, number))
        )
        yield Page(site, f"{site.kind}-{number}.html", title, tuple(blocks))


class Plan:
    """Assigns captures to archives and records the planted pairs of copies."""

    def __init__(self, seed: int) -> None:
        self.contents: dict[Archive, list[Capture]] = defaultdict(list)
        self.pairs: list[tuple[Pair, Archive, Archive]] = []
        all_sites = sites()
        self.place_pages(all_sites, seed)
        self.place_near(all_sites, seed)
        self.place_copies()
        for index, odd in enumerate(odd_captures(all_sites, seed)):
            self.contents[(WHOLE + LATER)[index % 6]].append(odd)

    def place_pages(self, all_sites: Sequence[Site], seed: int) -> None:
        """Distribute the ordinary pages over the archives; a repeated archive gets more."""
        archives = [*WHOLE, *WHOLE, CUT, *LATER, *LATER, DAMAGED, *TEXTS, ARC]
        for site in all_sites:
            for page in pages(site, seed):
                archive = Draw("shelf", seed, page.url).pick(archives)
                self.contents[archive].append(capture(page))

    def place_near(self, all_sites: Sequence[Site], seed: int) -> None:
        """Place near-copies in the same archive, another archive and another snapshot in turn."""
        articles = [site for site in all_sites if site.kind == "article"]
        for turn, site in enumerate(articles):
            homes: dict[str, Archive] = {}
            for index, pair in enumerate(near_pairs(site, seed)):
                first = WHOLE[(turn + index) % 4]
                candidates = (first, WHOLE[(turn + index + 1) % 4], LATER[index % 2])
                for item, home in (
                    (pair.first, first),
                    (pair.second, candidates[(turn + index) % 3]),
                ):
                    if item.url not in homes:
                        homes[item.url] = home
                        self.contents[home].append(item)
                self.pairs.append((pair, homes[pair.first.url], homes[pair.second.url]))

    def place_copies(self) -> None:
        """Place exact copies, pages in two forms, and a record id that occurs twice."""
        plain = {
            archive: [item for item in self.contents[archive] if item.kind == "page"]
            for archive in WHOLE
        }
        originals = [item for archive in WHOLE for item in plain[archive][:6]]
        homes = [archive for archive in WHOLE for _ in plain[archive][:6]]
        for index, pair in enumerate(exact_copies(originals)):
            home = homes[index]
            other = WHOLE[(WHOLE.index(home) + 1) % 4]
            second = (home, other, LATER[index // 3 % 2])[index % 3]
            self.contents[second].append(pair.second)
            self.pairs.append((pair, home, second))
        for archive, count in ((ARC, 4), (TEXTS[0], 3)):
            home = WHOLE[0] if archive is ARC else WHOLE[1]
            start = 6 if archive is ARC else 10
            for item in plain[home][start : start + count]:
                copy = replace(item, kind=f"{archive.form}-copy")
                self.contents[archive].append(copy)
                self.pairs.append((Pair("form", item, copy, 1.0), home, archive))
        used_id = record_id(WHOLE[1].name, plain[WHOLE[1]][20].url, "response")
        second_use = plain[WHOLE[2]][20]
        index = self.contents[WHOLE[2]].index(second_use)
        self.contents[WHOLE[2]][index] = replace(
            second_use, repeats_id_of=used_id, kind="duplicate-id"
        )


def make_web(folder: Path, seed: int) -> dict[str, Any]:
    """Write the crawl below `folder`; return its archives, captures and pairs."""
    plan = Plan(seed)
    truth: dict[str, Any] = {"archives": [], "captures": [], "pairs": []}
    for archive in ARCHIVES:
        captures = plan.contents[archive]
        data, written = WRITERS[archive.form](
            archive.name, captures, archive.began, snapshot=archive.snapshot
        )
        data, lost = damage(data, written, archive)
        path = folder / archive.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        common = {"path": archive.path, "snapshot": archive.snapshot, "form": archive.form}
        truth["archives"].append({**common, "damage": archive.damage, "captures": len(written)})
        for item in written:
            truth["captures"].append({**common, **described(item), "readable": item is not lost})
    for pair, first, second in plan.pairs:
        ends = [
            {"path": archive.path, "url": item.url}
            for archive, item in ((first, pair.first), (second, pair.second))
        ]
        truth["pairs"].append({"kind": pair.kind, "similarity": pair.similarity, "captures": ends})
    write_lists(folder)
    return truth


def damage(
    data: bytes, written: Sequence[Written], archive: Archive
) -> tuple[bytes, Written | None]:
    """Return the bytes of an archive with its planned damage, and the capture lost by it."""
    if archive.damage == "empty":
        return b"", None
    if archive.damage == "cut":
        lost = written[-1]
        return data[: lost.offset + lost.length // 2], lost
    if archive.damage == "damaged":
        lost = written[len(written) // 2]
        middle = lost.offset + lost.length // 2
        return data[:middle] + b"\xff" * 64 + data[middle + 64 :], lost
    return data, None


def described(item: Written) -> dict[str, Any]:
    """Return the description of a written capture for `truth.json`."""
    source = item.capture
    return {
        "record_id": item.record_id,
        "url": source.url,
        "offset": item.offset,
        "length": item.length,
        "kind": source.kind,
        "language": source.language,
        "status": int(source.status.split()[0]),
        "words": len(source.text.split()),
    }


def write_lists(folder: Path) -> None:
    """Write the lists of archives at the root of each crawl."""
    for snapshot in (FIRST, SECOND):
        for form in ("warc", "wet"):
            paths = [a.path for a in ARCHIVES if (a.snapshot, a.form) == (snapshot, form)]
            target = folder / "crawl-data" / snapshot / f"{form}.paths.gz"
            target.write_bytes(gzip_member("".join(f"{path}\n" for path in paths).encode()))


def write_truth(path: Path, truth: dict[str, Any]) -> None:
    """Write the planted records as JSON, one per line."""
    parts = []
    for name, rows in truth.items():
        lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
        parts.append(f"{json.dumps(name)}: [\n{lines}\n]")
    path.write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8")
