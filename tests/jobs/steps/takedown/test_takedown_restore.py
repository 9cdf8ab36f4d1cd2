"""A takedown can be undone until vacuum deletes what it removed, also after interruptions."""

from __future__ import annotations

import itertools
import random
import shutil
import signal
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from plain_roots import context, fill, rows_of
from rows import document, said
from takedown_roots import Killed, everything, killed_at

from jobs import cli, storage, vacuum
from jobs.steps.takedown import kept_rows
from jobs.tables import runs
from jobs.tables.runs import Record
from schemas.errors import UserError
from schemas.settings.takedown import TakedownConfig
from schemas.settings.vacuum import VacuumConfig

SITES = ("a.example", "b.example", "c.example")
TABLES = ("documents", "paragraphs", "annotated", "contamination")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    grow(tmp_path / "root")
    return tmp_path / "root"


def grow(root: Path | str) -> None:
    """Make a root with two pages of each site, and a planted string in each."""
    rows = []
    for number, site in enumerate((*SITES, *SITES)):
        url = f"https://{site}/{number}"
        rows.append(document(f"{number}", f"planted-{number}-{site}", url=url, source_domain=site))
    fill(root, "documents", rows, files=2)
    fill(
        root,
        "paragraphs",
        [{**row, "uri": "a.warc.gz"} for row in rows],
        inputs=[{"documents": "first"}],
    )
    fill(root, "annotated", rows, inputs=[{"documents": "first"}])
    found = [{"id": row["id"], "evaluation": "x", "item": "1"} for row in rows for _ in range(2)]
    fill(root, "contamination", found, inputs=[{"annotated": "first"}])


def take(root: Path | str, *sites: str, **options: Any) -> tuple[Record, str]:
    job_context = context(root)
    config = TakedownConfig(root=str(root), reason="asked", domain=sites, **options)
    record: Record = cli.run("takedown", config, job_context)
    return record, said(job_context)


def restore(root: Path | str, *sites: str, **options: Any) -> tuple[Record, str]:
    return take(root, *sites, restore=True, **options)


def contents(root: Path | str) -> dict[str, list[Any]]:
    return {name: [str(row) for row in rows_of(root, name)] for name in TABLES}


def planted(root: Path) -> set[str]:
    """Return the sites with a planted string anywhere below the root."""
    stored = everything(root)
    return {site for site in SITES if f"-{site}" in stored}


def test_the_last_takedown_is_undone(root: Path) -> None:
    before = contents(root)
    take(root, "a.example")
    take(root, "b.example")
    assert {row[0] for row in rows_of(root, "documents", "source_domain")} == {"c.example"}
    assert len(rows_of(root, "contamination", "id")) == 4

    dry, output = restore(root, dry_run=True)
    assert dry.details["restored_ids"] == ["common_crawl/1", "common_crawl/4"]
    assert "would restore common_crawl/1" in output
    assert {row[0] for row in rows_of(root, "documents", "source_domain")} == {"c.example"}

    record, _ = restore(root)
    assert record.details["restored"] == {
        **{"documents": 2, "paragraphs": 2, "annotated": 2, "contamination": 4}
    }
    assert record.details["withdrawn"] == ["domain b.example"]
    assert rows_of(root, "takedowns", "value") == [("a.example",)]
    restore(root)
    assert contents(root) == before
    assert rows_of(root, "takedowns", "value") == []
    with pytest.raises(UserError, match="has no takedown to undo"):
        restore(root)


def test_on_any_store(any_root: str) -> None:
    grow(any_root)
    before = contents(any_root)
    take(any_root, "a.example", permanent=True)
    take(any_root, "b.example")
    restore(any_root)
    assert [row for row in before["documents"] if "a.example" not in row] == contents(any_root)[
        "documents"
    ]
    take(any_root, "b.example")
    vacuum.run(context(any_root), VacuumConfig(root=any_root, restore_days=0.0))
    assert storage.list_names(f"{any_root}/{kept_rows.FOLDER}") == []


def test_by_name_and_only_what_no_other_takedown_names(root: Path) -> None:
    before = contents(root)
    take(root, "a.example", "b.example")
    take(root, id=("common_crawl/0",))  # of a.example too
    with pytest.raises(UserError, match=r"no takedown of domain c\.example is recorded"):
        restore(root, "c.example")
    record, _ = restore(root, "a.example")
    assert record.details["restored_ids"] == ["common_crawl/3"]
    restore(root, "b.example", id=("common_crawl/0",))
    assert contents(root) == before


def test_entries_of_earlier_releases_are_withdrawn(root: Path) -> None:
    """They kept the percent encoding that the user wrote."""
    fill(root, "takedowns", [{"kind": "url", "value": "//d.example/é"}], run="earlier")
    record, _ = restore(root, url=("https://d.example/%c3%a9",))
    assert record.details["withdrawn"] == ["url //d.example/%C3%A9"]
    assert rows_of(root, "takedowns", "value") == []


def test_taken_down_again_and_restored_again(root: Path) -> None:
    before = contents(root)
    for _ in range(2):
        take(root, "a.example")
        assert planted(root / "documents") == {"b.example", "c.example"}
        restore(root, "a.example")
        assert contents(root) == before


def test_a_permanent_takedown_leaves_nothing(root: Path) -> None:
    take(root, "a.example")
    assert planted(root) == set(SITES)
    assert planted(root / kept_rows.FOLDER) == {"a.example"}
    take(root, "b.example")
    record, _ = take(root, "a.example", permanent=True)
    assert record.details["forgotten"] == 10
    assert planted(root) == {"b.example", "c.example"}
    take(root, "b.example", permanent=True)
    assert planted(root) == {"c.example"}
    _, output = restore(root, "a.example")
    assert "is no longer kept: its entries are withdrawn" in output
    assert rows_of(root, "takedowns", "value") == [("b.example",)]
    assert planted(root) == {"c.example"}


def test_vacuum_keeps_what_can_be_restored_for_30_days(root: Path) -> None:
    record, _ = take(root, "a.example")
    vacuum.run(context(root), VacuumConfig(root=str(root)))
    assert planted(root / kept_rows.FOLDER) == {"a.example"}
    # older by its name
    before = datetime.now(timezone.utc) - timedelta(days=31)
    kept, older = root / kept_rows.FOLDER / record.run, f"{before:%Y%m%dT%H%M%SZ}-takedown-000000"
    shutil.copytree(kept, kept.with_name(older))
    dry = vacuum.run(context(root), VacuumConfig(root=str(root), dry_run=True))
    assert dry == [str(kept.with_name(older))]
    assert vacuum.run(context(root), VacuumConfig(root=str(root))) == dry
    assert kept.is_dir()
    assert not kept.with_name(older).exists()
    vacuum.run(context(root), VacuumConfig(root=str(root), restore_days=0.0))
    assert planted(root) == {"b.example", "c.example"}


def test_rows_of_a_table_that_was_made_again_stay_out(root: Path) -> None:
    take(root, "a.example")
    rest = [document(f"{number}", "new", url="x") for number in (1, 2, 4, 5)]
    fill(root, "annotated", rest, run="second", inputs=[{"documents": "first"}])
    record, output = restore(root)
    assert record.details["restored"]["documents"] == 2
    assert record.details["restored"]["annotated"] == 0
    assert "annotated/ lack the documents: run the jobs that make them again" in output
    assert context(root).table("annotated").required().digest == ""
    assert {row[0] for row in rows_of(root, "annotated", "text")} == {"new"}


def test_options_that_do_not_belong_together(root: Path) -> None:
    for options in ({"copies": True}, {"permanent": True}):
        with pytest.raises(UserError, match="does not apply to --restore"):
            restore(root, **options)


@pytest.mark.parametrize("permanent", [False, True])
def test_a_takedown_that_is_killed_at_any_change_is_finished_by_the_same_again(
    root: Path, permanent: bool, tmp_path: Path
) -> None:
    before = contents(root)
    done = tmp_path / "done"
    shutil.copytree(root, done)
    take(done, "a.example", permanent=permanent)
    expected = contents(done)
    # each of the two ways is killed at every second change
    for number in itertools.count(int(permanent), 2):
        broken = tmp_path / f"broken-{number}"
        shutil.copytree(root, broken)
        patch = killed_at(number)
        try:
            take(broken, "a.example", permanent=permanent)
        except Killed:
            pass
        else:
            break
        finally:
            patch.undo()
        take(broken, "a.example", permanent=permanent)
        assert contents(broken) == expected
        tables = [path for path in broken.iterdir() if path.name not in ("_removed", "_runs")]
        assert all("a.example" not in planted(path) for path in tables)
        if permanent:
            assert planted(broken) == {"b.example", "c.example"}
        else:
            restore(broken, "a.example")
            assert contents(broken) == before
    assert number > 15


KILLING = """
import itertools, os, sys
from jobs import cli, storage
moment, number, changes = int(sys.argv.pop(1)), int(sys.argv.pop(1)), itertools.count()
def changing(change):
    def changed(*arguments, **named):
        if next(changes) == moment:
            os.kill(os.getpid(), number)
        return change(*arguments, **named)
    return changed
for name in ("write_bytes", "write_file", "remove_tree"):
    setattr(storage, name, changing(getattr(storage, name)))
sys.exit(cli.main(sys.argv[1:]))
"""


def test_a_process_that_is_killed_at_random_moments(root: Path) -> None:
    """SIGKILL tidies nothing up, not even the record of the run."""
    before = contents(root)
    command = ["takedown", "--root", str(root), "--reason", "x", "--domain", "a.example"]
    moments = random.Random(7).sample(range(4, 18), 3)
    for moment, number in zip(
        moments, (signal.SIGKILL, signal.SIGKILL, signal.SIGTERM), strict=True
    ):
        process = subprocess.run(
            [sys.executable, "-c", KILLING, str(moment), str(int(number)), *command],
            stderr=subprocess.PIPE,
            text=True,
        )
        if number == signal.SIGTERM:  # one line, and the record of the run is complete
            assert process.returncode == 128 + number
            assert process.stderr.count("\n") == 1
            assert process.stderr.startswith("redpajama takedown: stopped;")
            assert runs.all_records(str(root))[-1].status == "stopped"
        else:
            assert process.returncode == -number
        for name in TABLES:  # a reader finds each version whole
            rows_of(root, name)
    _, output = take(root, "a.example")
    assert "may still be active" not in output
    assert {row[0] for row in rows_of(root, "documents", "source_domain")} == {
        *("b.example", "c.example")
    }
    assert planted(root / "documents") == {"b.example", "c.example"}
    restore(root)
    assert contents(root) == before
    take(root, "a.example", permanent=True)
    assert planted(root) == {"b.example", "c.example"}


def test_a_restore_that_is_killed_is_finished_by_the_same_again(root: Path, tmp_path: Path) -> None:
    before = contents(root)
    take(root, "a.example")
    for number in random.Random(5).sample(range(12), 6):
        broken = tmp_path / f"broken-{number}"
        shutil.copytree(root, broken)
        patch = killed_at(number)
        try:
            with pytest.raises(Killed):
                restore(broken, "a.example")
        finally:
            patch.undo()
        restore(broken, "a.example")
        assert contents(broken) == before
