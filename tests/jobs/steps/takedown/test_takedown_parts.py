"""The parts of a takedown without a root: what is named, files written anew, versions carried on."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from jobs import cli, storage
from jobs.steps.takedown import entries
from jobs.steps.takedown.rewrite_files import write_without
from jobs.tables import lineage
from jobs.tables.manifest import Folder, Manifest
from jobs.tables.runs import digest_of
from schemas.errors import UserError
from schemas.settings.arguments import from_arguments
from schemas.settings.mapping import from_mapping
from schemas.settings.takedown import TakedownConfig
from udfs.addresses.takedown_keys import Named, key


def config(**named: Any) -> TakedownConfig:
    return TakedownConfig(root="/nowhere", reason="asked", **named)


def test_all_that_the_command_names(tmp_path: Path) -> None:
    listed = tmp_path / "list.tsv"
    listed.write_bytes("\ufeffurl\thttps://b.example/é/\r\ndomain\tb.example\r\n".encode())
    named = config(id=("c4/1",), domain=("A.example", "b.example"), from_=str(listed))
    assert list(entries.requested(named)) == [
        ("id", "c4/1"),
        ("domain", "a.example"),
        ("domain", "b.example"),
        ("url", "//b.example/%C3%A9"),
        ("domain", "b.example"),
    ]


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ({}, "nothing to take down: give --id, --url, --domain, --digest or --from"),
        ({"digest": ("x",)}, "--digest: 'x' is no digest"),
        ({"domain": ("http://a.example",)}, "--domain: 'http://a.example' is no domain"),
        ({"from_": "/not/there"}, "cannot read /not/there: No such file or directory"),
        ({"id": ("a",), "date": "23.11.2026"}, "--date: expected YYYY-MM-DD, found '23.11.2026'"),
        ({"id": ("a",), "date": "2026-13-01"}, "--date: expected YYYY-MM-DD, found '2026-13-01'"),
    ],
)
def test_a_mistake_is_one_clear_line(named: dict[str, Any], said: str) -> None:
    with pytest.raises(UserError) as raised:
        entries.check(config(**named))
    assert str(raised.value) == said


def test_a_bad_line_of_the_file_is_named(tmp_path: Path) -> None:
    listed = tmp_path / "list.tsv"
    listed.write_text("id\tc4/1\nc4/2\n")
    with pytest.raises(UserError, match=r"list.tsv: line 2: expected kind, a tab and a value"):
        entries.check(config(from_=str(listed)))
    listed.write_bytes(b"id\t\xff\n")
    with pytest.raises(UserError, match=r"list.tsv: 'utf-8' codec can't decode"):
        entries.check(config(from_=str(listed)))


def test_the_command_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert cli.main(["takedown", "--root", str(tmp_path), "--reason", "asked"]) == 2
    assert "nothing to take down" in capsys.readouterr().err
    parsed = cli._parser().parse_args(
        ["takedown", "--root", "r", "--id", "a", "b", "--id", "c", "--from", "f", "--reason", "x"]
    )
    made = from_arguments(TakedownConfig, parsed)
    assert (made.id, made.from_) == (("a", "b", "c"), "f")
    assert from_mapping(TakedownConfig, {"root": "r", "reason": "x"}, where="").from_ is None


def parquet(ids: list[str], **settings: Any) -> bytes:
    table = pa.table(
        {
            "id": ids,
            "source": [{"uri": f"{i // 4}.gz", "offset": i} for i in range(len(ids))],
            "metadata": pa.array(
                [[("a", str(i))] for i in range(len(ids))], pa.map_(pa.string(), pa.string())
            ),
            "empty": pa.nulls(len(ids), pa.float64()),
        }
    ).replace_schema_metadata({"org.apache.spark.version": "4"})
    out = io.BytesIO()
    pq.write_table(table, out, **settings)
    return out.getvalue()


@pytest.mark.parametrize("compression", ["zstd", "snappy", "none"])
def test_a_file_is_written_anew_as_it_was_but_for_some_rows(
    any_root: str, compression: str
) -> None:
    ids = [f"id/{i}" for i in range(20)]
    content = parquet(ids, compression=compression, row_group_size=6, store_schema=False)
    source, target = f"{any_root}/a.parquet", f"{any_root}/new/slice=x/a.parquet"
    storage.write_bytes(source, content)
    removed = {"id/0", "id/5", *(f"id/{i}" for i in range(6, 12))}  # a whole row group among them
    dropped = write_without(source, target, Named(key("id", id_) for id_ in [*removed, "id/99"]))

    assert dropped == len(removed)
    old, new = (pq.ParquetFile(io.BytesIO(storage.read_bytes(uri))) for uri in (source, target))
    expected = old.read().filter(pa.array([id_ not in removed for id_ in ids]))
    assert new.read().equals(expected, check_metadata=True)
    assert [new.metadata.row_group(i).num_rows for i in range(3)] == [4, 6, 2]
    for made in (old, new):
        codec = made.metadata.row_group(0).column(0).compression
        assert codec == {"none": "UNCOMPRESSED"}.get(compression, compression.upper())
    assert new.metadata.row_group(0).column(1).statistics.max == "1.gz"
    assert storage.read_bytes(source) == content


def test_of_a_file_that_goes_as_a_whole_nothing_is_written(tmp_path: Path) -> None:
    source, target = str(tmp_path / "a.parquet"), str(tmp_path / "b.parquet")
    storage.write_bytes(source, parquet(["a", "b"]))
    assert write_without(source, target, Named(["id\ta", "id\tb"])) == 2
    assert storage.list_names(str(tmp_path))[-1].uri == source


def recorded(root: Path, run: str, job: str, **others: Any) -> None:
    storage.write_bytes(
        f"{root}/_runs/{run}.json", json.dumps({"run": run, "job": job, **others}).encode()
    )


def version(table: str, name: str, run: str, job: str, **others: Any) -> Manifest:
    return Manifest(table, name, (Folder(f"{run}/rows", run, job),), **others)


def test_versions_lead_back_through_takedowns(tmp_path: Path) -> None:
    root = str(tmp_path)
    recorded(tmp_path, "2-takedown-a", "takedown", inputs={"documents": "1-ingest-a"})
    recorded(tmp_path, "3-takedown-b", "takedown", inputs={"documents": "2-takedown-a"})
    assert lineage.origin(root, "documents", "3-takedown-b") == "1-ingest-a"
    assert lineage.origin(root, "annotated", "3-takedown-b") == "3-takedown-b"
    assert lineage.origin(root, "documents", "4-takedown-gone") == "4-takedown-gone"


def test_inputs_and_digest_are_carried_on(tmp_path: Path) -> None:
    root, settings = str(tmp_path), {"threshold": 0.8}
    recorded(tmp_path, "dedup", "dedup", config=settings)
    recorded(tmp_path, "2-takedown-a", "takedown", inputs={"annotated": "first"})
    now = {"annotated": version("annotated", "first", "annotate", "annotate")}
    leaves = {"annotated": "3-takedown-b"}

    def carried(inputs: dict[str, Any], digest: str | None = None) -> Any:
        digest = digest_of(settings, inputs) if digest is None else digest
        found = version("duplicates", "d", "dedup", "dedup", digest=digest, inputs=[inputs])
        return lineage.carried(root, found, now, leaves)

    after = {"annotated": "3-takedown-b", "/old": "x"}
    expected = ([after], digest_of(settings, after))
    assert carried({"annotated": "first", "/old": "x"}) == expected
    # by a takedown that was broken off
    assert carried({"annotated": "2-takedown-a", "/old": "x"}) == expected
    # what was old before stays old
    stale = {"annotated": "older", "/old": "x"}
    assert carried(stale) == ([stale], digest_of(settings, stale))
    # what was made in a way that no run tells is made anew
    assert carried({"annotated": "first"}, "other") == ([{"annotated": "3-takedown-b"}], "")
