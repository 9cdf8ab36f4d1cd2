"""Tests of deploy/spark-defaults.conf: every name is a setting of Spark or Hadoop."""

from __future__ import annotations

import re

from deploy_files import DEPLOY, spark_defaults
from spark_names import hadoop_defaults, hadoop_names, spark_names, unknown_names

from jobs.runtime.session import AT_START, RUNTIME


def test_every_name_is_known() -> None:
    assert len(spark_names()) > 1000
    assert len(hadoop_names()) > 500
    assert unknown_names(list(spark_defaults())) == []


def test_a_wrong_name_is_detected() -> None:
    wrong = [
        "spark.sql.adaptive.enable",
        "spark.executor.memoryoverhead",
        "spark.hadoop.fs.s3a.commiter.name",
        "spark.kubernetes.executor.volumes.hostPath.models.mount",
    ]
    assert unknown_names([*wrong, "spark.executorEnv.ANY"]) == wrong


def test_settings_of_jobs_have_the_same_values() -> None:
    settings = spark_defaults()
    expected = RUNTIME | AT_START
    assert {name: settings[name] for name in expected} == expected


def test_settings_have_reasons() -> None:
    text = (DEPLOY / "spark-defaults.conf").read_text(encoding="utf-8")
    without = re.findall(r"(?m)(?:^spark\..*\n){4}", text)
    assert without == [], "four settings in a row without a reason"


def test_no_setting_repeats_hadoops_own_default() -> None:
    defaults = hadoop_defaults()
    prefix = "spark.hadoop."
    settings = {
        name.removeprefix(prefix): value
        for name, value in spark_defaults().items()
        if name.startswith(prefix)
    }
    assert len(settings) > 2
    assert [name for name, value in settings.items() if defaults.get(name) == value] == []


def test_keys_of_other_stores_are_found_first() -> None:
    # guides of MinIO, R2 and others set fs.s3a.access.key and fs.s3a.secret.key
    name = "fs.s3a.aws.credentials.provider"
    own = spark_defaults()["spark.hadoop." + name].split(",")
    usual = re.sub(r"\s", "", hadoop_defaults()[name]).split(",")
    assert "org.apache.hadoop.fs.s3a.SimpleAWSCredentialsProvider" in usual
    assert [provider for provider in own if provider in usual] == usual


def test_an_executor_has_its_memory_for_each_core() -> None:
    settings = spark_defaults()
    sizes = [
        re.fullmatch(r"(\d+)g", settings[f"spark.executor.{name}"])
        for name in ("memory", "memoryOverhead")
    ]
    total = sum(int(size[1]) for size in sizes if size)
    assert total == 3 * int(settings["spark.executor.cores"])
