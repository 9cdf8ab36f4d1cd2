"""Tests of deploy/SIZING.md: the printed tables follow from the inputs above them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import yaml
from deploy_files import DEPLOY, spark_defaults

TEXT = (DEPLOY / "SIZING.md").read_text(encoding="utf-8")


def inputs() -> dict[str, Any]:
    """Return the values in the page's block of inputs."""
    (block,) = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)
    values = yaml.safe_load(block)
    assert isinstance(values, dict)
    return values


def results(given: Mapping[str, Any], case: Mapping[str, float]) -> dict[str, float]:
    """Return the cost of a case by the formulas of the page."""
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
    emr, databricks = given["emr_serverless"], given["databricks"]
    disk = (200 - emr["free_disk_gb"]) / 4 * emr["disk_gb_hour"]
    emr_rate = emr["vcpu_hour"] + 3 * emr["gb_hour"] + disk
    databricks_rate = given["dollars_an_hour"]
    databricks_rate += databricks["dbu_of_a_machine"] * databricks["dollars_a_dbu"]
    tables = documents * (sizes["documents"] + sizes["paragraphs"] + sizes["annotated"])
    tables_gb = (tables + kept * sizes["corpus"]) / 1e9
    return {
        "million documents": documents / 1e6,
        **{f"{name}, core-hours": value for name, value in hours.items()},
        "all, with the margin": total,
        "cores": case["cores"],
        "hours": total / case["cores"],
        "dollars of machines": total / given["cores_of_a_machine"] * given["dollars_an_hour"],
        "... on EMR Serverless, in all": total * emr_rate,
        "... on Databricks, in all": total / given["cores_of_a_machine"] * databricks_rate,
        "tables, GB": tables_gb,
        "dollars a month of S3 for the tables": tables_gb * given["s3_gb_month"],
        "dollars of a NAT gateway, if passed": case["archives"]
        * given["gb_of_an_archive"]
        * given["nat_gb"],
        "largest shuffle, GB": max(shuffles) / 1e9,
        "... of it on an executor of 4 cores": max(shuffles) / 1e9 / max(1, case["cores"] / 4),
    }


def rounded(value: float) -> str:
    """Return a number with three digits, or two below ten."""
    if value < 10:
        return f"{value:.2g}"
    digits = max(0, len(str(int(value))) - 3)
    return f"{round(value, -digits):,.0f}"


def rows() -> list[str]:
    """Return the lines of the table of results."""
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
    costs = results(given, case)
    parts = sum(value for name, value in costs.items() if name.endswith("core-hours"))
    assert costs["all, with the margin"] == parts * given["margin"]
    assert rounded(costs["hours"] * costs["cores"]) == rounded(costs["all, with the margin"])


def test_the_memory_of_an_executor_is_that_of_the_page() -> None:
    settings = spark_defaults()
    matches = {
        name: re.search(rf"(?m)^\| {name}.*?\| (\d+(?:\.\d+)?) GB", TEXT)
        for name in ("the JVM's heap", "Python workers", "the JVM outside its heap")
    }
    sizes = {name: float(match[1]) for name, match in matches.items() if match}
    assert sizes["the JVM's heap"] == float(settings["spark.executor.memory"].rstrip("g"))
    overhead = sizes["Python workers"] + sizes["the JVM outside its heap"]
    assert overhead == float(settings["spark.executor.memoryOverhead"].rstrip("g"))


def test_the_largest_cluster_is_allowed_by_the_settings() -> None:
    settings = spark_defaults()
    executors = int(settings["spark.dynamicAllocation.maxExecutors"])
    cores = executors * int(settings["spark.executor.cores"])
    assert max(case["cores"] for case in inputs()["cases"].values()) == cores
