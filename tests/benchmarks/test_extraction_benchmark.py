"""The benchmark of extraction: its measures, its pages and its processes."""

from __future__ import annotations

import gzip
import io
import json
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from extractors import calls, measures, pages, processes, tables, unseen

from udfs.extract.web import page

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "extraction.py"
STORY = (
    "The museum opens its new wing on Friday — with a café, a library, and a garden that was closed "
    "for most of the last ten years.\n"
    "Visitors under eighteen do not pay, and the first hundred of each day get a map of the house and "
    "a cup of tea."
)
PARAGRAPHS = "".join(f"<p>{line}</p>" for line in STORY.split("\n"))
MENU = "<div><ul><li><a href=/a>News</a></li><li><a href=/b>Sport</a></li></ul></div>"
PAGE = f'<html lang="en"><body>{MENU}<main>{PARAGRAPHS}</main></body></html>'.encode()


def test_shingles_are_runs_of_four_words_and_a_short_text_is_one() -> None:
    assert dict(measures.shingles("a b, c d e a b c d")) == {
        ("a", "b", "c", "d"): 2,
        ("b", "c", "d", "e"): 1,
        ("c", "d", "e", "a"): 1,
        ("d", "e", "a", "b"): 1,
        ("e", "a", "b", "c"): 1,
    }
    assert dict(measures.shingles("two words")) == {("two", "words"): 1}
    assert not measures.shingles(" … ")


def test_bodies_weigh_the_same_and_pages_without_text_have_no_precision() -> None:
    score = measures.body_score(["a b c d x", "", "p q r s"], ["a b c d", "e f g h i", "p q r s"])
    assert score.precision == pytest.approx((1 / 2 + 1) / 2)
    assert score.recall == pytest.approx((1 + 0 + 1) / 3)
    assert score.f1 == pytest.approx(2 * (3 / 4) * (2 / 3) / (3 / 4 + 2 / 3))


def test_strings_are_sought_with_white_space_folded() -> None:
    score = measures.string_score(
        ["first\n part of it", "menu"], [["part  of", "end"], ["story"]], [["menu"], ["menu", "ad"]]
    )
    assert score.precision == 1 / 2
    assert score.recall == 1 / 3


def test_characters_beyond_ascii_are_counted_but_for_spaces() -> None:
    assert measures.kept_beyond_ascii(["的 é", "x"], ["的的\N{NO-BREAK SPACE}é", "—"]) == 2 / 4


def test_prose_is_counted_in_runs_of_ten_characters_without_white_space() -> None:
    # of "onetwothree" 2 of 2 runs, of "fourfivesix" 1 of 2
    assert (
        measures.prose_taken("One two three, our\nfive six", ["ne two three", "four five six"])
        == 2 / 3
    )
    assert measures.prose_taken("", ["four five six"]) == 0


def test_no_text_and_no_pages_are_measured() -> None:
    assert measures.body_score([""], [""]).f1 == 0
    assert measures.agreement("", "") == 1
    assert measures.share_taken("", "") == 0
    assert measures.is_next_to_empty(" " * 100)


def test_a_page_names_its_language_itself_or_by_its_address() -> None:
    assert pages.language(b"<!doctype html><html class=x lang='de-AT'>") == "de"
    assert pages.language(b"<html><p lang=fr>", "https://a.example/manual/pt-BR/ch01.html") == "pt"
    assert pages.language(b"<html data-lang=xx>", "https://a.example/index.html") == ""
    assert pages.language(b"", "https://a.example/ja/java/io/File.html") == "ja"
    assert pages.language(b"", "https://a.example/java/io/File.html") == ""


def test_a_folder_has_annotated_pages_and_files(tmp_path: Path) -> None:
    for name, truth in (("articles", {"a": "Body"}), ("chunks", {"b.html": _strings()})):
        (tmp_path / f"{name}.json").write_text(json.dumps(truth), encoding="utf-8")
        member = next(iter(truth)).removesuffix(".html") + ".html.gz"
        with tarfile.open(tmp_path / f"{name}.tar", "w") as archive:
            data = gzip.compress(PAGE)
            info = tarfile.TarInfo(member)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "c.HTM").write_bytes(PAGE)
    (tmp_path / "own" / "c.txt").write_text(STORY, encoding="utf-8")
    (tmp_path / "own" / "d.html").write_bytes(b"<p>")
    read = pages.read_folder(tmp_path)
    assert [(page.name, page.body, page.wanted, page.unwanted) for page in read] == [
        ("a.html", "Body", (), ()),
        ("b.html", None, ("museum",), ("Sport",)),
        ("own/c.HTM", STORY, (), ()),
        ("own/d.html", None, (), ()),
    ]
    assert [page.language for page in read] == ["en", "en", "en", ""]


def _strings() -> dict[str, list[str]]:
    return {"with": ["museum"], "without": ["Sport"]}


def test_extractors_take_turns_in_processes_and_are_timed() -> None:
    html = [PAGE] * 20 + [b"<p>" + b"word " * 60_000]  # the last one goes to a helper process
    runs = processes.run(["body", "resiliparse"], html, rounds=2)
    for run in runs.values():
        assert len(run.texts) == 21
        assert [len(turns) for turns in run.rounds] == [2, 2]
        assert run.seconds > 0
        assert not run.failures
    assert "News" in runs["body"].texts[0]
    assert runs["resiliparse"].texts[0].split("\n")[-1] == STORY.split("\n")[-1]
    assert runs["body"].texts[20].split() == ["word"] * 60_000


def test_time_of_a_child_process_counts() -> None:
    before = processes.processor_time()
    code = "import time\nwhile time.process_time() < 0.4: pass\nprint(flush=True)\ninput()"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        assert child.stdout is not None
        child.stdout.readline()
        running = processes.processor_time() - before
        child.communicate(b"\n")
    assert running > 0.39
    assert processes.processor_time() - before >= running


def test_a_table_has_a_line_for_extractors_that_are_missing() -> None:
    annotated = pages.Page("a", PAGE, body=STORY)
    own = processes.Run([STORY], [[0.5], [0.25], [4.0]])
    other = processes.Run([""], [[1.0], [1.0], [1.0]], {0: "ValueError: no"})
    results = tables.measure([annotated], {"main": own, "resiliparse": other})
    assert results["main"]["articles"]["f1"] == 1
    assert results["main"]["speed_over_resiliparse"] == 2
    assert results["resiliparse"]["next_to_empty"] == results["resiliparse"]["failed"] == 1
    lines = tables.table(results, ["jusText"]).split("\n")
    assert lines[0].startswith("| extractor | articles: F1 (P, R) | beyond ASCII kept | ")
    assert lines[-1].startswith("| jusText | not installed: pip install .[peers] | ")
    assert len({line.count("|") for line in lines}) == 1


def test_pages_without_truth_are_measured_by_share_and_agreement() -> None:
    run = processes.Run(["News Sport " + STORY], [[1.0]])
    [row] = tables.measure([pages.Page("a", PAGE)], {"main": run}).values()
    assert row["share_taken"] == 1
    assert row["agreement"] == 1
    assert "articles" not in row


def test_the_model_can_be_measured_on_pages_that_it_has_not_seen(tmp_path: Path) -> None:
    annotated = [pages.Page(name, PAGE) for name in ("a.html", "b.html", "c.html")]
    blocks = len(page.read(PAGE.decode())[1].text)
    stored: dict[str, Any] = {
        "a.html": np.ones(blocks, np.float32),
        "b.html": np.zeros(blocks, np.float32),
    }
    stored["b.html"][-2:] = 0.9
    np.savez(tmp_path / "p.npz", **stored)
    run = unseen.run_unseen(annotated, tmp_path / "p.npz")
    assert [("News" in text, "museum" in text) for text in run.texts] == [
        (True, True),
        (False, True),
        (False, False),
    ]
    np.savez(tmp_path / "p.npz", **(stored | {"a.html": np.ones(blocks + 1, np.float32)}))
    with pytest.raises(ValueError, match=r"a\.html has other blocks"):
        unseen.run_unseen(annotated, tmp_path / "p.npz")


def test_prose_of_a_language_is_paragraphs_outside_of_navigation_and_links() -> None:
    around = PARAGRAPHS.replace("The museum", "That museum")
    linked = around.replace("<p>", "<p><a href=/a>").replace("</p>", "</a></p>")
    html = PAGE.replace(b"<main>", f"<footer>{around}</footer>{linked}<p>Short.</p><main>".encode())
    annotated = [pages.Page(name, html, language="en") for name in "abc"]
    annotated.append(pages.Page("d", b"<p>No prose.", language="fr"))
    first = STORY.split("\n")[0]
    run = processes.Run([STORY, first, "", ""], [[1.0]])
    results = tables.measure_languages(annotated, {"main": run})
    share = measures.prose_taken(first, STORY.split("\n"))
    assert 0.4 < share < 0.6
    assert results == {
        "en": {"pages": 3, "main": pytest.approx([0, share / 2, share, (1 + share) / 2])}
    }
    assert tables.language_table(results, ["main"]).split("\n")[2].startswith("| en | 3 | 0 ")


@pytest.mark.parametrize(
    "name", [name for name in calls.EXTRACTORS if calls.version(name) is not None]
)
def test_extractors_return_the_text_of_a_page(name: str) -> None:
    text = calls.EXTRACTORS[name].start()(PAGE)
    assert "Visitors under eighteen do not pay" in text
    assert "café" in text


def run_benchmark(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(SCRIPT), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_script_prints_a_table_and_writes_the_measures(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(PAGE)
    (tmp_path / "a.txt").write_text(STORY, encoding="utf-8")
    options = ["--only", "body", "--only", "resiliparse", "--rounds", "1"]
    done = run_benchmark(tmp_path, *options, "--json", tmp_path / "m.json")
    assert done.stderr == ""
    assert done.stdout.startswith("1 pages, 0.0 MB\n\n| extractor | articles: F1 (P, R) |")
    record = json.loads((tmp_path / "m.json").read_text(encoding="utf-8"))
    assert record["extractors"]["resiliparse"]["articles"]["recall"] == 1
    assert record["extractors"]["resiliparse"]["speed_over_resiliparse"] == 1
    assert record["extractors"]["body"]["articles"]["precision"] < 1


def test_what_cannot_be_read_costs_one_line(tmp_path: Path) -> None:
    assert (
        error_of(tmp_path)
        == f"{tmp_path} has no articles.json, no chunks.json and no files of HTML"
    )
    (tmp_path / "a.html").write_bytes(PAGE)
    (tmp_path / "a.txt").write_bytes(b"caf\xe9")
    assert error_of(tmp_path).startswith(f"{tmp_path}/a.txt: 'utf-8' codec can't decode")
    (tmp_path / "chunks.json").write_text("{}")
    (tmp_path / "chunks.tar").write_text("no archive")
    assert error_of(tmp_path).startswith(f"{tmp_path}/chunks.tar: file could not be opened")
    assert "absent.warc" in error_of("--languages", tmp_path / "absent.warc")


def error_of(*arguments: str | Path) -> str:
    done = run_benchmark(*arguments)
    assert (done.returncode, done.stdout) == (1, "")
    [line] = done.stderr.splitlines()
    return line.removeprefix("extraction.py: ")


def test_a_process_that_ends_is_named() -> None:
    worker = processes._Worker("resiliparse")
    worker.process.kill()
    with pytest.raises(RuntimeError, match=r"the process of resiliparse ended with code -9"):
        worker.extract([PAGE])
