"""Notices go wherever they stand, in the comments of each language; comments that are none stay."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from dump_cases import expected, words
from hypothesis import given
from hypothesis import strategies as st

from udfs.extract.source_comments import clean_copyright_comments as clean
from udfs.extract.source_notices import is_notice

CASES = [
    *("g01-line-notice-before-a-later-block", "g03-block-without-the-word-copyright"),
    "g04-other-forms-of-comment",
]
NOTICE = (
    "Copyright 2020 The Foo Authors. All rights reserved.\n"
    "Licensed under the Apache License, Version 2.0"
)
MIT = (
    "Copyright (c) 2015 Foo\n\nPermission is hereby granted, free of charge, to any person obtaining a copy\n"
    "of this software, to deal in it:\n\nThe above copyright notice shall be included in all copies.\n\n"
    'THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND.'
)


@pytest.mark.parametrize("case", CASES)
def test_a_file_without_its_notice(case: str, dump_cases: Path) -> None:
    files = sorted((dump_cases / case).glob("input-*"))
    texts = expected(dump_cases / case)
    assert len(files) == len(texts) > 0
    for file, text in zip(files, texts, strict=True):
        name = file.name.rpartition("-")[2]
        assert words(clean(file.read_text(encoding="utf-8"), name)) == words(text)


def in_lines(mark: str, notice: str) -> str:
    """Return a notice in comments to the end of a line."""
    return "".join(f"{mark} {line}".rstrip() + "\n" for line in notice.split("\n"))


LINES = [
    *(("//", name) for name in ("a.c", "a.go", "a.rs", "a.ts", "a.scala", "a.m", "a.cs")),
    *(
        ("#", name)
        for name in ("a.py", "a.sh", "a.rb", "a.jl", "a.cmake", "Makefile", "Dockerfile", "a.ps1")
    ),
    *(("--", name) for name in ("a.sql", "a.lua", "a.hs")),
    *(("%", name) for name in ("a.tex", "a.m")),
    *(("!", name) for name in ("a.f90", "a.f")),
    *(
        ("C", "a.f"),
        ("*", "a.for"),
        ("rem", "a.bat"),
        ("REM", "a.cmd"),
        ("::", "a.bat"),
        ("'", "a.vb"),
        (";", "a.asm"),
    ),
]
BLOCKS = [
    *(("/*", "*/", name) for name in ("a.c", "a.java", "a.css", "a.sql", "a.js", "a.m")),
    *(("<!--", "-->", name) for name in ("a.html", "a.xml", "README.md")),
    *(('"""', '"""', "a.py"), ("'''", "'''", "a.py"), ('r"""', '"""', "a.py")),
    *(
        ("--[[", "]]", "a.lua"),
        ("--[==[", "]==]", "a.lua"),
        ("{-", "-}", "a.hs"),
        ("<#", "#>", "a.ps1"),
    ),
    *(
        ("=begin", "=end", "a.rb"),
        ("#=", "=#", "a.jl"),
        ("#[[", "]]", "a.cmake"),
        ("%{", "%}", "a.m"),
    ),
    ("=pod", "=cut", "a.pl"),
]


@pytest.mark.parametrize("notice", [NOTICE, MIT, "SPDX-License-Identifier: MIT"])
@pytest.mark.parametrize(("mark", "name"), LINES)
def test_notices_in_line_comments(mark: str, name: str, notice: str) -> None:
    assert clean(f"{in_lines(mark, notice)}\nx = 1\n", name) == "x = 1\n"
    other = in_lines(mark, "Reads the files of a user.")
    assert clean(f"{other}\nx = 1\n", name) == f"{other}\nx = 1\n"
    assert clean(f"{in_lines(mark, notice)}\n{other}x = 1\n", name) == f"{other}x = 1\n"


@pytest.mark.parametrize("notice", [NOTICE, MIT, "SPDX-License-Identifier: MIT"])
@pytest.mark.parametrize(("begin", "end", "name"), BLOCKS)
def test_notices_in_blocks(begin: str, end: str, name: str, notice: str) -> None:
    assert clean(f"{begin}\n{notice}\n{end}\nx = 1\n", name).strip() == "x = 1"
    other = f"{begin}\nReads the files of a user.\n{end}\n"
    assert clean(f"{other}x = 1\n", name) == f"{other}x = 1\n"
    # the second block, and the paragraphs of one
    second = f"{other}{begin}\n{notice}\n{end}\nx = 1\n"
    assert clean(second, name).split() == f"{other}x = 1".split()
    mixed = f"{begin}\nReads files.\n\n{notice}\n{end}\nx = 1\n"
    assert clean(mixed, name).split() == f"{begin}\nReads files.\n\n{end}\nx = 1\n".split()


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.php", f"<?php\n{in_lines('#', NOTICE)}\nx();\n", "<?php\nx();\n"),
        ("a.php", f"<?php /* {NOTICE} */ x();\n", "<?php  x();\n"),
        ("a.php", "<?php // Copyright 2020 Foo\nx();\n", "<?php x();\n"),
        (
            "a.xml",
            f'<?xml version="1.0"?>\n<!-- {NOTICE} -->\n<a/>\n',
            '<?xml version="1.0"?>\n\n<a/>\n',
        ),
        (
            "a.html",
            f"<!DOCTYPE html>\n<html><head>\n<!--\n{NOTICE}\n-->\n<title>",
            "<!DOCTYPE html>\n<html><head>\n\n<title>",
        ),
        (
            "a.h",
            f"#ifndef A_H\n#define A_H\n\n{in_lines('//', NOTICE)}\nint x;\n",
            "#ifndef A_H\n#define A_H\n\nint x;\n",
        ),
        (
            "a.java",
            f"package a;\n\n/*\n * {NOTICE}\n */\nclass A {{}}\n",
            "package a;\n\n\nclass A {}\n",
        ),
        ("a.js", f"'use strict';\n{in_lines('//', NOTICE)}x\n", "'use strict';\nx\n"),
        ("a.md", "[//]: # (Copyright 2020 Foo)\n# Lamps\n", "# Lamps\n"),
        (
            "a.jl",
            "# A part of Julia. License is MIT: https://a.b/license\nmodule A\n",
            "module A\n",
        ),
        ("a.js", "/*! lamp v1 | (c) lamp Foundation | a.b/license */\nx\n", "\nx\n"),
        (
            "a.c",
            "/*\n * This file is part of Lamp.\n *\n * Lamp comes WITHOUT ANY WARRANTY\n */\nint x;\n",
            "\nint x;\n",
        ),
        ("a.bat", f"@echo off\n{in_lines('rem', NOTICE)}dir\n", "@echo off\ndir\n"),
        (
            "a.hs",
            f"{{-# LANGUAGE GADTs #-}}\n{{- {NOTICE} -}}\nmain\n",
            "{-# LANGUAGE GADTs #-}\n\nmain\n",
        ),
        (
            "a.rst",
            " .. Licensed to the ASF under one\n    or more licenses.\n\n    Without warranty.\n\nTitle\n",
            " \n\nTitle\n",
        ),
        ("a.rst", ".. contents:: License\n\nTitle\n", ".. contents:: License\n\nTitle\n"),
        (
            "a.py",
            f'#!/usr/bin/python\n# coding: utf-8\n"""{MIT}"""\nimport os\n',
            "#!/usr/bin/python\n# coding: utf-8\nimport os\n",
        ),
        ("a.py", f'x = 1\n"""{MIT}"""\n', f'x = 1\n"""{MIT}"""\n'),
        ("a.py", f'"""{NOTICE}""".format()\n', f'"""{NOTICE}""".format()\n'),
        ("a.py", f'"""{NOTICE}\n', f'"""{NOTICE}\n'),
        (
            "a.go",
            f"// +build linux\n\n{in_lines('//', NOTICE)}\npackage a\n",
            "// +build linux\n\npackage a\n",
        ),
        (
            "a.c",
            f"/* vim: set ts=4: */\n{in_lines('//', NOTICE)}int x;\n",
            "/* vim: set ts=4: */\nint x;\n",
        ),
        ("a.f", "      call foo\nC Copyright 2020\n", "      call foo\nC Copyright 2020\n"),
        ("a.tex", f"% !TEX root = a.tex\n{in_lines('%', NOTICE)}x\n", "% !TEX root = a.tex\nx\n"),
        ("a.cs", "int x;\n/* Copyright 2019 Foo */\nint y;\n", "int x;\n\nint y;\n"),
    ],
)
def test_what_stands_before_a_notice(name: str, content: str, expected: str) -> None:
    assert clean(content, name) == expected


@pytest.mark.parametrize(
    "comment",
    [
        "Check the license key of a user.",
        "Parses copyright headers of files.",
        "Users who are licensed to edit a page.",
        "copyright checker",
        "The field 'license' of the form.",
        "Package license finds licenses of packages.",
        "Returns (c) for the given key.",
        "Provided as input to the next step.",
        "Permission to edit is granted by the owner.",
        "See the docs. It is free to use in all rights.",
    ],
)
def test_comments_that_mention_a_license_are_no_notices(comment: str) -> None:
    assert not is_notice(comment)
    for content in (f"// {comment}\nx\n", f"/* {comment} */\nx\n", f"x\n/** {comment} */\n"):
        assert clean(content, "a.js") == content
    docstring = f'"""{comment}"""\nx\n'
    assert clean(docstring, "a.py") == docstring


@pytest.mark.parametrize(
    "comment",
    [
        "Copyright (c) Foo",
        "(c) 2020 Foo",
        "\u00a9 2011-2020, Foo",
        "Copyright by Foo",
        "@copyright Foo",
        "@license MIT",
        "License: Apache-2.0",
        "This file is part of Foo, which is released\n * under the terms of the GNU General Public License.",
        "Use of this code is governed by a BSD-style\n// license that can be found in the LICENSE file.",
        "See LICENSE for details.",
        "Licensed to the Apache Software Foundation (ASF)",
        "This program is free software; you can redistribute it",
        "This file has been placed in the public domain.",
        "Distributed under the Boost Software License",
        "You may\n * not use this file",
    ],
)
def test_forms_of_notices(comment: str) -> None:
    assert is_notice(comment)


@given(
    st.lists(
        st.sampled_from(
            [
                "/*",
                "*/",
                "// ",
                "# ",
                '"""',
                "\n",
                " ",
                "Copyright 2020",
                "x",
                "<!--",
                "-->",
                "{-",
                "--[[",
            ]
        ),
        max_size=20,
    ),
    st.sampled_from(["a.py", "a.c", "a.html", "a.hs", "a.lua", "a.php", "a.rst", None]),
)
def test_cleaning_returns_a_subsequence(parts: list[str], path: str | None) -> None:
    content = "".join(parts)
    characters = iter(content)
    assert all(character in characters for character in clean(content, path))


@pytest.mark.parametrize("name", ["a.py", "a.c", "a.html", "a.rst", "a.lua", "a.f", "a.php"])
@pytest.mark.parametrize(
    "part",
    [
        '"""',
        "<!--",
        "..\n ",
        ".. a\n\n",
        "--[[",
        "--[=",
        "<?php ",
        "<html ",
        "C\n",
        "# Copyright\n#\n",
        "licensed ",
        "see ",
    ],
)
def test_time_is_linear(part: str, name: str) -> None:
    content = part * (400_000 // len(part))
    before = time.process_time()
    clean(content, name)
    clean(f"/* {content} */", name)
    assert time.process_time() - before < 3
