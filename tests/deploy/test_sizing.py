"""Tests of deploy/SIZING.md: the printed tables follow from the inputs above them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import yaml
from deploy_files import DEPLOY, spark_defaults

TEXT = (DEPLOY / "SIZING.md").read_text(encoding="utf-8")


def inputs() -> dict[str, Any]:
    """The page's own block of inputs."""
    (block,) = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)
    found = yaml.safe_load(block)
    assert isinstance(found, dict)
    return found


def results(given: Mapping[str, Any], case: Mapping[str, float]) -> dict[str, float]:
    """What a case costs, by the formulas that the page states."""
    documents = case["archives"] * given["pages_of_an_archive"] * given["kept_by_ingest"]
    kept = documents * given["kept_by_curate"]
    rates, moved = given["documents_a_second"], given["io_seconds_a_document"]
    hours = {
        "ingest": case["archives"] * given["gb_of_an_archive"] * given["ingest_seconds_a_gb"] / 3600
    }
    for stage in ("paragraphs", "annotate", "dedup"):
        hours[stage] = documents * (1 / rates[stage] + moved) / 3600
    hours["curate"] = kept * (1 / rates["curate"] + moved) / 3600
    total = sum(hours.values()) * given["margin"]
    sizes = given["bytes_a_document"]
    shuffles = (
        documents * given["bands"] * given["bytes_a_band"],
        kept * given["characters_a_document"] * given["lz4"],
    )
    tables = documents * (sizes["documents"] + sizes["paragraphs"] + sizes["annotated"])
    return {
        "million documents": documents / 1e6,
        **{f"{name}, core-hours": each for name, each in hours.items()},
        "all, with the margin": total,
        "cores": case["cores"],
        "hours": total / case["cores"],
        "dollars of machines": total / given["cores_of_a_machine"] * given["dollars_an_hour"],
        "tables, GB": (tables + kept * sizes["corpus"]) / 1e9,
        "largest shuffle, GB": max(shuffles) / 1e9,
        "... of it on an executor of 4 cores": max(shuffles) / 1e9 / max(1, case["cores"] / 4),
    }


def rounded(value: float) -> str:
    """Three digits, of small numbers two."""
    if value < 10:
        return f"{value:.2g}"
    digits = max(0, len(str(int(value))) - 3)
    return f"{round(value, -digits):,.0f}"


def rows() -> list[str]:
    """The lines of the table of results."""
    given = inputs()
    columns = [results(given, case) for case in given["cases"].values()]
    head = ["| | " + " | ".join(given["cases"]) + " |", "| --- |" + " ---: |" * len(columns)]
    return head + [
        f"| {name} | " + " | ".join(rounded(column[name]) for column in columns) + " |"
        for name in columns[0]
    ]


def test_the_results_follow_from_the_inputs() -> None:
    assert "\n".join(rows()) in TEXT


def test_the_sum_is_the_margin_times_its_parts() -> None:
    given = inputs()
    (case,) = [case for case in given["cases"].values() if case["archives"] == 90_000]
    found = results(given, case)
    parts = sum(value for name, value in found.items() if name.endswith("core-hours"))
    assert found["all, with the margin"] == parts * given["margin"]
    assert rounded(found["hours"] * found["cores"]) == rounded(found["all, with the margin"])


def test_an_executor_holds_what_the_page_says() -> None:
    said = spark_defaults()
    parts = {
        name: re.search(rf"(?m)^\| {name}.*?\| (\d+(?:\.\d+)?) GB", TEXT)
        for name in ("the JVM's heap", "Python workers", "the JVM outside its heap")
    }
    sizes = {name: float(found[1]) for name, found in parts.items() if found}
    assert sizes["the JVM's heap"] == float(said["spark.executor.memory"].rstrip("g"))
    beside = sizes["Python workers"] + sizes["the JVM outside its heap"]
    assert beside == float(said["spark.executor.memoryOverhead"].rstrip("g"))


def test_the_largest_cluster_is_one_that_the_settings_allow() -> None:
    said = spark_defaults()
    most = int(said["spark.dynamicAllocation.maxExecutors"]) * int(said["spark.executor.cores"])
    assert max(case["cores"] for case in inputs()["cases"].values()) == most
