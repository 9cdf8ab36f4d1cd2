"""Rules for source code compared with RedPajama-V1's results, and the differences from V1."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from udfs.extract.source_code import (
    FileStats,
    drop_reason_and_stats,
    drop_reason_of_path,
    file_stats,
    has_few_letters,
    is_whitelisted,
    letters,
    violated_limit,
)
from udfs.extract.source_comments import clean_copyright_comments as clean

Pairs = Callable[..., list[dict[str, Any]]]
# V1 removes these comments although they do not mention copyright or a licence, and lines that are no
# comments: an #include, a shebang, an encoding declaration
DIFFERENCES = {
    "// a\n// b\n\n#include <x>\nint y;\n": "// a\n// b\n\n#include <x>\nint y;\n",
    "#!/bin/bash\n# License\n\necho hi\n": "#!/bin/bash\necho hi\n",
    '#!/usr/bin/env python\n# -*- coding: utf-8 -*-\n"""doc"""\nimport os\n': (
        '#!/usr/bin/env python\n# -*- coding: utf-8 -*-\n"""doc"""\nimport os\n'
    ),
    "# a\n# b\n": "# a\n# b\n",
}


def test_notices_equal_v1s_except_the_differences(conformance: Pairs) -> None:
    cases = conformance("github.clean_copyright_comments")
    for case in cases:
        expected = DIFFERENCES.get(case["input"], case["expected"])
        assert clean(case["input"]) == expected
    assert len(cases) > len(DIFFERENCES)


def test_statistics_equal_v1s(conformance: Pairs) -> None:
    for case in conformance("github.get_filecontent_stats"):
        assert file_stats(case["input"])._asdict() == case["expected"]


def test_whitelist_equals_v1s(conformance: Pairs) -> None:
    for case in conformance("github.extension_whitelisted"):
        assert is_whitelisted(case["input"]) is case["expected"]
        assert all(is_whitelisted(f"a{suffix}") for suffix in case["params"]["whitelist"])
    assert is_whitelisted("fooMakefile")
    assert not is_whitelisted("x.PY")


def test_dropped_files_equal_v1s(conformance: Pairs) -> None:
    for case in conformance("github.discard"):
        meta = dict(case["params"]["meta"])
        path = meta.pop("path")
        stats = FileStats(line_count=1, **meta)
        is_dropped = (
            not is_whitelisted(path)
            or violated_limit(stats) is not None
            or has_few_letters(case["input"], case["params"]["num_tokens"], 1.5)
        )
        assert is_dropped is case["expected"]


@pytest.mark.parametrize(
    ("path", "content", "expected"),
    [
        ("README.md", "# License\n\nMIT\n", "# License\n\nMIT\n"),
        ("a.rst", "License\n-------\n", "License\n-------\n"),
        ("a.h", "// Copyright 2020\n\n#define A 1\n", "#define A 1\n"),
        ("a.c", "#include <copyright.h>\nint x;\n", "#include <copyright.h>\nint x;\n"),
        ("a.cs", "\ufeff// Copyright\r\n\r\n#region x\r\n", "#region x\r\n"),
        ("a.py", "# Copyright\n# more\n\n# what it does\nx = 1\n", "# what it does\nx = 1\n"),
        ("a.py", "# what\n\n# Licensed to you\n\n\nx\n", "# what\n\nx\n"),
        (
            "a.py",
            "#!/usr/bin/python\n# coding: utf-8\n# Copyright\nx\n",
            "#!/usr/bin/python\n# coding: utf-8\nx\n",
        ),
        ("a.go", "// +build linux\n// Copyright\n\nx\n", "// +build linux\nx\n"),
        ("a.py", "glob('/*') # copyright\nglob('*/')\n", "glob('/*') # copyright\nglob('*/')\n"),
        ("a.lua", "--[[ Copyright\n]]\nx\n", "\nx\n"),
        ("a.sql", "-- SPDX-License-Identifier: MIT\nSELECT 1\n", "SELECT 1\n"),
        ("a.js", "/* Copyright */\nx\n", "\nx\n"),
        ("a.js", "/** doc */\nx /* (c) Copyright */\n", "/** doc */\nx /* (c) Copyright */\n"),
        ("a.js", "// Copyright\nx = '/*'\n", "x = '/*'\n"),
        ("a.css", "#copyright { }\n", "#copyright { }\n"),
        ("lib/Makefile", "# All rights reserved\nall:\n", "all:\n"),
        ("a.py", "# Copyright, and no end of line", ""),
        ("a.c", "\n\nint x;\n", "int x;\n"),
        ("a.c", "", ""),
        ("a.c", "x /*/ copyright", "x /*/ copyright"),
    ],
)
def test_notices_by_language(path: str, content: str, expected: str) -> None:
    assert clean(content, path) == expected


@given(st.text(st.sampled_from("/*#-! \ncopyrightx")), st.sampled_from(["a.py", "a.c", None]))
def test_cleaning_returns_a_subsequence(content: str, path: str | None) -> None:
    characters = iter(content)
    assert all(character in characters for character in clean(content, path))


@pytest.mark.parametrize("part", ["/*", "/*/", "# copyright\n", "\n", "#coding", "(c) ", "#"])
def test_time_is_linear(part: str) -> None:
    content = part * (2_000_000 // len(part))
    before = time.process_time()
    clean(content)
    file_stats(content)
    assert time.process_time() - before < 5


@given(st.text())
def test_counts_equal_counting_every_character(content: str) -> None:
    stats = file_stats(content)
    if content:
        assert stats.alnum_prop == sum(map(str.isalnum, content)) / len(content)
        assert stats.max_line_length == max(map(len, content.splitlines()))
    assert letters(content) == sum(map(str.isalpha, content))


def test_the_first_rule_that_drops_a_file_is_the_reason() -> None:
    def reason(content: str, path: str, tokens: int = 1) -> str | None:
        return drop_reason_and_stats(content, path, lambda _: tokens)[0]

    assert reason("", "a.txt") == "empty"
    assert reason("(" * 2000, "a.txt") == "extension"
    assert reason("(" * 2000, "a.c") == "max-line-length"
    assert reason("(" * 1000, "a.c") == "mean-line-length"
    assert reason("(" * 100, "a.c") == "alphanumeric"
    assert reason("abc", "a.c", 3) == "letters-per-token"
    assert reason("abc", "a.c", 2) is None
    assert drop_reason_of_path("x/y.crt") == "certificate"
    assert drop_reason_of_path("LICENSE") == "license-file"
    assert drop_reason_of_path("x/LICENSE") is None
