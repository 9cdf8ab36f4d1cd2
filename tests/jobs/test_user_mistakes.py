"""Mistakes of users, each with the one line that it gives; none of them starts Spark."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from earlier_root import put_inputs, unpack_root

from jobs import cli, storage
from jobs.runtime import session
from jobs.tables import manifest

DASHES = "`redpajama {} --help` explains all options"

# the command line, and what follows its name in the one line; R is a root with all tables, T a folder
# without one, I the inputs of the root
LINES = {
    # commands and options
    "dedupe --root R": "argument JOB: no choice 'dedupe' (did you mean 'dedup'?); ...",
    "dedup": "the following arguments are required: --root; ...",
    "dedup --root R --treshold 0.8": "no option '--treshold' (did you mean '--threshold'?); ...",
    "dedup --root R 0.8": "'0.8' belongs to no option; ...",
    "dedup --root R --threshold high": "--threshold: expected a number, found 'high'",
    "dedup --root R --threshold 1.5": "--threshold: 1.5 is above 1, the highest similarity",
    "train qualty --root R": "argument MODEL: no choice 'qualty' (did you mean 'quality'?); ...",
    "export --root R --format jsonlines --output T/x": (
        "argument --format: no choice 'jsonlines' (did you mean 'jsonl'?); ..."
    ),
    # inputs
    "ingest c5 --root R": "argument SLICE: no choice 'c5' (there are alpaca, arxiv, books, c4, ...",
    "ingest c4 --root R": "nothing to ingest: give --input, or for common_crawl --snapshot",
    "ingest c4 --root R --input T/no*.json": (
        "no object matches T/no*.json: check the address or the glob"
    ),
    "ingest c4 --root R --input ftp://host/x": (
        "cannot reach ftp://host/x: ftp:// is not supported; use a path, file://, s3://, ..."
    ),
    "ingest c4 --root R --input s3://": "s3:// names no bucket: write s3://BUCKET/KEY",
    "ingest c4 --root R --input https://u:p@x.org/a.json": (
        "https://x.org/a.json: an address with a password or signature would be stored with ..."
    ),
    "ingest c4 --root T/file/root --input T/file": (
        "cannot read T/file/root/documents/_CURRENT.json: Not a directory; check the path and its ..."
    ),
    "ingest wikipedia --root R --input T/enwiki-20230320-x.xml --languages en fr": (
        "no edition 'fr' (there are en)"
    ),
    "ingest stackexchange --root R --input I --sites math.stackexchange": (
        "stackexchange: no site 'math.stackexchange' (there are harbour.example)"
    ),
    "ingest stackexchange --root R --input T/file": (
        "stackexchange reads none of the inputs (not Posts.xml or a .7z of it: T/file)"
    ),
    "vacuum --root T/none": "T/none has no tables: check --root",
    "takedown --root s3:// --reason x --id c4/1": (
        "s3:// names no bucket: write s3://BUCKET/FOLDER"
    ),
    "takedown --root R --reason '' --id c4/1": (
        "--reason: it is empty: write who asked for it, and when"
    ),
    # settings of jobs
    "annotate --root R --models /no/models": "/no/models: no such folder of models",
    "annotate --root R --languages EN": "no language 'EN' (did you mean 'en'?)",
    "curate --root R --filters gofer": "--filters: no filter set 'gofer' (did you mean 'gopher'?); ...",
    "curate --root R --filters no.yaml": "--filters: cannot read no.yaml: No such file or directory",
    "curate --root R --where 'rand() < 0.5'": "--where: rand() cannot be used in a rule",
    "curate --root R --blocklists /no/list": "--blocklists: no list at /no/list: expected a file, ...",
    "curate --root R --pii-kinds emails": "--pii-kinds changes nothing: name the slices by --pii",
    "curate --root R --pii wikipedi": (
        "argument --pii: no choice 'wikipedi' (did you mean 'wikipedia'?); ..."
    ),
    "curate --root R --tokenizer no.json": "cannot read the model no.json: No such file or directory",
    "decontaminate --root R --evaluations /no/set.jsonl": (
        "no object matches /no/set.jsonl: check the address or the glob"
    ),
    "mix --root R": "--tokens N or --sample N is needed, and not both",
    "mix --root R --tokens 1X": "--tokens: expected a number of tokens such as 1000, 2k, ...",
    "mix --root R --tokens 1k --recipe lama": "--recipe: no recipe 'lama' (did you mean 'llama'?); ...",
    "mix --root R --tokens 1k --weights c4": (
        "--weights: expected SLICE=SHARE with a share above 0, found 'c4'"
    ),
    "mix --root R --tokens 1k --weights c5=1": (
        "--weights: no slice 'c5' (there are alpaca, arxiv, books, c4, ..."
    ),
    "mix --root R --tokens 1k --recipe llama --weights c4=1": (
        "--recipe and --weights exclude each other: give the shares in one"
    ),
    "export --root R --format megatron --output T/x": (
        "--format megatron needs the tokenizer of the model that is trained: --tokenizer FILE, ..."
    ),
    "export --root R --format parquet --output T": (
        "--output T: choose a folder outside of the root R"
    ),
    # roots without what a job reads
    "path korpus --root R": "no table 'korpus': the tables are documents, paragraphs, ...",
    "path corpus --root T/none": "T/none has no table corpus yet: run `redpajama curate` first",
    "paragraphs --root T/none": "T/none has no table documents yet: run `redpajama ingest` first",
    "mix --root T/none --tokens 1k": "T/none has no table corpus yet: run `redpajama curate` first",
    "report --root T/none": "T/none has no tables yet: run `redpajama run` or `ingest` first",
    "check --root T/none": "T/none has no tables: check --root",
}


@pytest.fixture(autouse=True)
def no_session(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a session is started")

    monkeypatch.setattr(session, "get_session", refuse)


@pytest.fixture
def root(tmp_path: Path) -> str:
    return unpack_root(tmp_path)


def error_of(arguments: list[str], capsys: pytest.CaptureFixture[str], code: int = 2) -> str:
    """Return the one line of a command, without the command itself."""
    try:
        returned = cli.main(arguments)
    except SystemExit as ended:  # the parser's way to end
        returned = int(str(ended.code))
    error = capsys.readouterr().err
    assert (returned, error.count("\n")) == (code, 1), error
    command, _, message = error.strip().partition(": ")
    words = [word for word in arguments[:2] if not word.startswith("-")]
    assert re.fullmatch(r"redpajama( [\w -]+)?", command), error
    assert not command.split()[1:] or command.split()[1] == words[0]
    return message


@pytest.mark.parametrize("line", LINES)
def test_a_mistake_gives_one_line(
    line: str, root: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "enwiki-20230320-x.xml").write_text("x")
    places = {"R": root, "T": str(tmp_path), "I": str(put_inputs())}

    def placed(text: str) -> str:
        return re.sub(r"\b[RTI]\b(?=$|[/ :;)])", lambda match: places[match[0]], text)

    message = error_of(shlex.split(placed(line)), capsys)
    expected, dots, _ = placed(LINES[line]).partition("...")
    assert message.startswith(expected) if dots else message == expected
    if LINES[line].endswith("; ..."):
        assert "--help` explains all options" in message or "ends in .yaml" in message


def parquet_files(root: str, table: str) -> list[Path]:
    current = manifest.current(root, table)
    assert current is not None
    return [Path(root, table, file.path) for file in current.files]


def cut(file: Path, size: int) -> None:
    file.write_bytes(file.read_bytes()[:size])


def changed(file: Path, **keys: Any) -> None:
    file.write_text(json.dumps({**json.loads(file.read_text()), **keys}))


def test_a_damaged_manifest(root: str, capsys: pytest.CaptureFixture[str]) -> None:
    file = Path(root, "corpus", "_CURRENT.json")
    whole = file.read_bytes()
    damages: dict[str, Callable[[], object]] = {
        "Unterminated string": lambda: cut(file, 300),
        "it is empty": lambda: cut(file, 0),
        "it is no JSON object": lambda: file.write_text("[]"),
        "no key 'folders'": lambda: file.write_text('{"format": 1}'),
        "codec can't decode": lambda: file.write_bytes(b'{"table": "\xff\xfe"}'),
        "required positional arguments": lambda: changed(file, folders=[{"path": "x"}]),
    }
    for reason, damage in damages.items():
        file.write_bytes(whole)
        damage()
        for line in (
            "path corpus",
            "mix --tokens 1k",
            "export --table corpus --format jsonl --output /tmp/no",
        ):
            message = error_of([*line.split(), "--root", root], capsys)
            assert message.startswith(f"{file} is damaged (")
            assert reason in message
            assert message.endswith(
                "): put it back from a copy, or remove it and run `redpajama curate` again"
            )


def test_a_manifest_whose_copy_broke_off(
    root: str, after_cases: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = Path(root, "corpus", "_CURRENT.json")
    file.write_bytes((after_cases / "corrupt-current" / "_CURRENT.json").read_bytes())
    for line in ("path corpus", "mix --tokens 1k"):
        assert error_of([*line.split(), "--root", root], capsys) == (
            f"{file} is damaged (Unterminated string starting at: line 14 column 12 (char 274)): put it "
            "back from a copy, or remove it and run `redpajama curate` again"
        )


def test_a_damaged_manifest_of_takedowns_is_not_simply_removed(
    root: str, capsys: pytest.CaptureFixture[str]
) -> None:
    cut(Path(root, "takedowns", "_CURRENT.json"), 100)
    message = error_of(["path", "takedowns", "--root", root], capsys)
    assert message.endswith(
        f"remove it and run each `redpajama takedown` again, as {root}/_runs/*-takedown-*.json have them"
    )


def test_a_root_of_a_later_version(root: str, capsys: pytest.CaptureFixture[str]) -> None:
    file = Path(root, "corpus", "_CURRENT.json")
    changed(file, format=2)
    line = f"{file} has format 2, and this version reads format 1: upgrade redpajama-spark"
    assert error_of(["mix", "--tokens", "1k", "--root", root], capsys) == line


def test_a_damaged_or_missing_run_record(root: str, capsys: pytest.CaptureFixture[str]) -> None:
    current = manifest.current(root, "corpus")
    assert current is not None
    file = Path(root, "_runs", f"{current.made_by}.json")
    cut(file, 50)
    message = error_of(["vacuum", "--root", root], capsys)
    assert message.startswith(f"{file} is damaged (")
    assert message.endswith("or remove it and run `redpajama curate --overwrite`")


@pytest.mark.parametrize("damage", ["lost", "cut"])
def test_a_lost_or_cut_file_is_named_before_the_work(
    root: str, damage: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = parquet_files(root, "annotated")[0]
    size = file.stat().st_size
    if damage == "lost":
        file.unlink()
    else:
        cut(file, size - 10)
    message = error_of(["curate", "--dry-run", "--root", root], capsys)
    is_so = "is lost" if damage == "lost" else f"has {size - 10:,} bytes instead of {size:,}"
    assert message.startswith(
        f"{file} {is_so}: put it back from a copy, or run `redpajama annotate"
    )
    assert "--overwrite` with the options of" in message


def test_a_table_that_may_not_be_written(
    root: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(uri: str, data: bytes, **conditions: Any) -> str:
        return real(f"/proc/self{uri}", data, **conditions)  # no user may write there

    real = storage.write_bytes
    monkeypatch.setattr(storage, "write_bytes", refuse)
    message = error_of(["curate", "--overwrite", "--root", root], capsys)
    assert re.fullmatch(
        rf"cannot write /proc/self{root}/corpus/_writable-\w+: No such file or directory; check the "
        "path and its permissions",
        message,
    )


RUN = {
    "ingest: {slice: c4, input: T/no.json}\nmix: {tokens: 5}": "T/run.yaml, ingest: no object matches",
    "ingest: {slice: c4, input: T/a.json}\nannotate: {models: /no}\nmix: {tokens: 5}": (
        "T/run.yaml, annotate: /no: no such folder of models"
    ),
    "ingest: {slice: c4, input: T/a.json}\ncurate: {filters: [gofer]}\nmix: {tokens: 5}": (
        "T/run.yaml, curate: --filters: no filter set 'gofer'"
    ),
    "ingest: {slice: c4, input: T/a.json}\nmix: {tokens: 5, weights: [books=1]}": (
        "T/run.yaml, mix: --weights: no slice 'books' (there are c4)"
    ),
    "ingest: {slice: c4, input: T/a.json}\ncurate: {buckets: [head]}\nmix: {tokens: 5, buckets: [all]}": (
        "T/run.yaml, mix: curate keeps: no bucket 'all' (there are head)"
    ),
    "ingest: {slice: c4, input: T/a.json}\nannotate: {languages: [de]}\nmix: {tokens: 5, recipe: T/r.yaml}": (
        "T/run.yaml, mix: T/r.yaml: annotate keeps: no language 'en' (there are de, unknown)"
    ),
    "ingest: {slice: c4, input: T/a.json}\ndecontaminate: {evaluations: [T/no]}\nmix: {tokens: 5}": (
        "T/run.yaml, decontaminate: no object matches T/no"
    ),
}  # fmt: skip


@pytest.mark.parametrize("content", RUN)
def test_run_refuses_what_is_absent_before_the_first_slice_is_read(
    content: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.json").write_text('{"text": "a"}\n')
    (tmp_path / "r.yaml").write_text("strata: {c4: {share: 1, by: language, shares: {en: 1}}}")
    file = tmp_path / "run.yaml"
    file.write_text(content.replace("T/", f"{tmp_path}/"))
    line = ["run", "--config", str(file), "--root", str(tmp_path / "root")]
    assert error_of(line, capsys).startswith(RUN[content].replace("T/", f"{tmp_path}/"))
    assert not (tmp_path / "root").exists()


@pytest.mark.parametrize("where", ["parser", "job"])
def test_ctrl_c_gives_one_line_and_exit_code_130(
    root: str, where: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*arguments: Any) -> None:
        raise KeyboardInterrupt

    def broken(*arguments: Any) -> None:
        try:
            interrupted()
        except KeyboardInterrupt:
            # py4j loses the interrupt behind an error of its own
            raise ConnectionError("the socket is closed")  # noqa: B904

    if where == "parser":
        monkeypatch.setattr(cli, "_parser", interrupted)
    else:
        monkeypatch.setattr(cli, "run", broken)
    message = error_of(["dedup", "--root", root], capsys, code=130)
    assert message == "stopped; what was published stays; run it again"


@pytest.mark.parametrize("where", ["parser", "job"])
def test_sigterm_is_as_ctrl_c_with_exit_code_143(
    root: str, where: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def terminated(*arguments: Any) -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(10)

    before = signal.getsignal(signal.SIGTERM)
    monkeypatch.setattr(cli, "_parser" if where == "parser" else "run", terminated)
    message = error_of(["dedup", "--root", root], capsys, code=143)
    assert message == "stopped; what was published stays; run it again"
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_conflict_says_to_run_again(
    root: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def conflicting(*arguments: Any) -> None:
        raise storage.Conflict("R was published by another run in the meantime")

    monkeypatch.setattr(cli, "run", conflicting)
    message = error_of(["dedup", "--root", root], capsys)
    assert message == "R was published by another run in the meantime: run it again"
