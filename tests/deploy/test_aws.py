"""Tests of deploy/aws: rights that the clients need and no others, the commands that create the role."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from deploy_files import DEPLOY, PROJECT, load_yaml

FOLDER = DEPLOY / "aws"
# rights by boto3's calls: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
RIGHTS = {
    "head_object": {"s3:GetObject"},
    "get_object": {"s3:GetObject"},
    "put_object": {"s3:PutObject"},
    "upload_fileobj": {"s3:PutObject", "s3:AbortMultipartUpload"},
    "get_paginator": {"s3:ListBucket"},
    "delete_objects": {"s3:DeleteObject"},
}
# S3A's magic committer completes, lists and ends uploads of a job
COMMITTER = {"s3:ListMultipartUploadParts", "s3:ListBucketMultipartUploads"}


def statements(name: str) -> list[Any]:
    document = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    assert document["Version"] == "2012-10-17"
    return list(document["Statement"])


def test_the_rights_are_those_that_the_clients_need() -> None:
    text = (PROJECT / "jobs" / "storage" / "s3.py").read_text(encoding="utf-8")
    calls = set(re.findall(r"client\(\)\.(\w+)\(", text))
    assert calls == set(RIGHTS), "boto3 calls without a known right"
    needed = set().union(*RIGHTS.values()) | COMMITTER
    own = [item for item in statements("policy.json") if "my-bucket" in str(item["Resource"])]
    assert {action for item in own for action in item["Action"]} == needed


def test_nothing_is_allowed_for_all() -> None:
    for item in statements("policy.json"):
        assert item["Effect"] == "Allow"
        resources = item["Resource"] if isinstance(item["Resource"], list) else [item["Resource"]]
        assert all(re.fullmatch(r"arn:aws:s3:::[\w-]+(/\*)?", name) for name in resources)
        assert not any("*" in action for action in item["Action"])
        if "commoncrawl" in str(resources):
            assert set(item["Action"]) == {"s3:GetObject", "s3:ListBucket"}


def test_only_the_projects_service_account_may_take_the_role() -> None:
    accounts = [
        item for item in load_yaml("kubernetes", "base.yaml") if item["kind"] == "ServiceAccount"
    ]
    (metadata,) = [account["metadata"] for account in accounts]
    (item,) = statements("trust-eks.json")
    (subject,) = [v for k, v in item["Condition"]["StringEquals"].items() if k.endswith(":sub")]
    assert subject == f"system:serviceaccount:{metadata['namespace']}:{metadata['name']}"


@pytest.mark.parametrize("kind", ["emr-serverless", "eks", "ec2"])
def test_role(tmp_path: Path, kind: str) -> None:
    aws = tmp_path / "aws"
    aws.write_text('#!/bin/bash\nprintf "%s\\0" "$@" >> "$RECORD"\n', encoding="utf-8")
    aws.chmod(0o755)
    record = tmp_path / "record"
    provider = ["oidc.eks.eu-west-1.amazonaws.com/id/0A"] * (kind == "eks")
    subprocess.run(
        ["bash", FOLDER / "role", kind, "other", "999988887777", *provider],
        env={"PATH": f"{tmp_path}:{os.environ['PATH']}", "RECORD": str(record)},
        check=True,
        capture_output=True,
    )
    text = record.read_text(encoding="utf-8")
    documents = [json.loads(word) for word in text.split("\0") if word.startswith("{")]
    assert len(documents) == 2
    assert not re.search("my-bucket|111122223333|EXAMPLE", text)
    assert ("arn:aws:s3:::other/*" in text) is True
    assert ("create-instance-profile" in text) is (kind == "ec2")


@pytest.mark.parametrize("words", [["eks", "b", "1"], ["lambda", "b", "1"], ["ec2", "b"]])
def test_an_incomplete_command_shows_the_usage(words: list[str]) -> None:
    process = subprocess.run(
        ["bash", FOLDER / "role", *words], capture_output=True, text=True, check=False
    )
    assert process.returncode > 0
    assert "usage: bash deploy/aws/role" in process.stderr
