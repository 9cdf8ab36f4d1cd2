"""Which files a task opens for an archive, from a list that it is sent."""

from __future__ import annotations

import pickle
import random

from jobs.tables import archive_lookup
from jobs.tables.archive_lookup import Lookup
from jobs.tables.manifest import DataFile


def lookup(files: list[DataFile]) -> Lookup:
    return Lookup("/root/table", files, index="uri", columns=["id"])


def test_the_files_are_those_whose_bounds_hold_the_archive() -> None:
    draw = random.Random(3)
    files = []
    for number in range(3 * archive_lookup._FILES + 7):
        first, last = sorted(draw.choices(range(4000), k=2))
        if draw.random() < 0.9:
            last = min(last, first + 20)
        bounds = (f"a{first:04}", f"a{last:04}") if draw.random() < 0.98 else (None, None)
        files.append(DataFile(f"part-{number}", 1, 1, *bounds))
    made = pickle.loads(pickle.dumps(lookup(files)))
    for archive in ("", "a0000", "a1234", "a3999", "b"):
        assert made.paths(archive) == sorted(f.path for f in files if f.may_hold(archive)), archive


def test_names_that_are_no_unicode_stay() -> None:
    assert lookup([DataFile("p", 1, 1, "\udcff", "\udcff")]).paths("\udcff") == ["p"]


def test_a_crawls_list_is_small() -> None:
    files = [
        DataFile(f"run/outcome=kept/part-{n:05}.parquet", 1, 1, f"s3://b/{n:05}", f"s3://b/{n:05}")
        for n in range(20_000)
    ]
    assert len(pickle.dumps(lookup(files))) < 20 * len(files)
    assert lookup([]).paths("s3://b/1") == []
