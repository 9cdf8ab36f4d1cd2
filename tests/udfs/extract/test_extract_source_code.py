"""V1's rules for source code, by pairs that its code made and by what each is for."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from udfs.extract.source_code import (
    FileStats,
    discarded,
    few_letters,
    file_stats,
    judged,
    left_out,
    letters,
    whitelisted,
)
from udfs.extract.source_comments import clean_copyright_comments as clean

Pairs = Callable[..., list[dict[str, Any]]]
# V1 drops these comments although they say nothing of copyright or licence, and with them what is
# no comment at all: an #include, a shebang, a declaration of the encoding
OTHERWISE = {
    "// a\n// b\n\n#include <x>\nint y;\n": "// a\n// b\n\n#include <x>\nint y;\n",
    "#!/bin/bash\n# License\n\necho hi\n": "#!/bin/bash\necho hi\n",
    '#!/usr/bin/env python\n# -*- coding: utf-8 -*-\n"""doc"""\nimport os\n': (
        '#!/usr/bin/env python\n# -*- coding: utf-8 -*-\n"""doc"""\nimport os\n'
    ),
    "# a\n# b\n": "# a\n# b\n",
}


def test_notices_as_v1(conformance: Pairs) -> None:
    cases = conformance("github.clean_copyright_comments")
    for case in cases:
        expected = OTHERWISE.get(case["input"], case["expected"])
        assert clean(case["input"]) == expected
    assert len(cases) > len(OTHERWISE)


def test_stats_as_v1(conformance: Pairs) -> None:
    for case in conformance("github.get_filecontent_stats"):
        assert file_stats(case["input"])._asdict() == case["expected"]


def test_extensions_as_v1(conformance: Pairs) -> None:
    for case in conformance("github.extension_whitelisted"):
        assert whitelisted(case["input"]) is case["expected"]
        assert all(whitelisted(f"a{suffix}") for suffix in case["params"]["whitelist"])
    assert whitelisted("fooMakefile")
    assert not whitelisted("x.PY")


def test_discarding_as_v1(conformance: Pairs) -> None:
    for case in conformance("github.discard"):
        meta = dict(case["params"]["meta"])
        path = meta.pop("path")
        stats = FileStats(line_count=1, **meta)
        out = (
            not whitelisted(path)
            or discarded(stats) is not None
            or few_letters(case["input"], case["params"]["num_tokens"], 1.5)
        )
        assert out is case["expected"]


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
        ("a.lua", "--[[ Copyright\n]]\nx\n", "--[[ Copyright\n]]\nx\n"),
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
def test_what_is_a_notice(path: str, content: str, expected: str) -> None:
    assert clean(content, path) == expected


@given(st.text(st.sampled_from("/*#-! \ncopyrightx")), st.sampled_from(["a.py", "a.c", None]))
def test_cleaning_only_takes_away(content: str, path: str | None) -> None:
    rest = iter(content)
    assert all(character in rest for character in clean(content, path))  # a subsequence


@pytest.mark.parametrize("part", ["/*", "/*/", "# copyright\n", "\n", "#coding", "(c) ", "#"])
def test_time_is_linear(part: str) -> None:
    content = part * (2_000_000 // len(part))
    before = time.process_time()
    clean(content)
    file_stats(content)
    assert time.process_time() - before < 5


@given(st.text())
def test_counts_are_those_of_each_character(content: str) -> None:
    stats = file_stats(content)
    if content:
        assert stats.alnum_prop == sum(map(str.isalnum, content)) / len(content)
        assert stats.max_line_length == max(map(len, content.splitlines()))
    assert letters(content) == sum(map(str.isalpha, content))


def test_the_first_reason_counts() -> None:
    def reason(content: str, path: str, tokens: int = 1) -> str | None:
        return judged(content, path, lambda _: tokens)[0]

    assert reason("", "a.txt") == "empty"
    assert reason("(" * 2000, "a.txt") == "extension"
    assert reason("(" * 2000, "a.c") == "max-line-length"
    assert reason("(" * 1000, "a.c") == "mean-line-length"
    assert reason("(" * 100, "a.c") == "alphanumeric"
    assert reason("abc", "a.c", 3) == "letters-per-token"
    assert reason("abc", "a.c", 2) is None
    assert left_out("x/y.crt") == "certificate"
    assert left_out("LICENSE") == "license-file"
    assert left_out("x/LICENSE") is None
