"""Tell copyright and licence notices from other comments, and remove them from a comment.

The phrases are those of the SPDX licence list's headers (https://spdx.org/licenses/) and of notices as
they are found in practice. A comment that only mentions a licence or a copyright is no notice.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_LICENSES = (
    r"MIT|X11|BSD|Apache|Mozilla|MPL|GNU|GPL|LGPL|AGPL|General Public|ISC|zlib|Boost|Eclipse|Artistic"
    r"|Microsoft|Python Software Foundation|PSF|Creative Commons|CC0|Unlicense|WTFPL|Open Software"
    r"|Common Development"
)
_GAP = r"\W{1,12}"  # between words there may be a line end and the marks of a comment
_SENTENCES = """
    all rights reserved
    permission is hereby granted
    permission to use, copy
    redistribution and use in
    redistributions of source
    redistributions in binary
    without warranty
    without any warranty
    may not use this file
    free software you can
    is free software
    above copyright notice
    neither the name
    in the public domain
    into the public domain
    to the public domain
    subject to the terms
    subject to the following
    subject to the licen[cs]e
"""
_WORDED = "|".join(
    re.sub(r",? ", lambda _: _GAP, line.strip()) for line in _SENTENCES.strip().splitlines()
)
_NAME = r"(?:@copyright|(?-i:Copyrights?|COPYRIGHTS?))"
_PHRASES = (
    r"copyrights?[ \t]{0,3}(?:\(c\)|\u00a9|&copy;)",
    r"copyrights?[ \t:,]{1,3}(?:\(c\)[ \t]{0,3})?(?:19|20)\d\d",
    r"\(c\)[ \t]{0,3}(?:copyright|(?:19|20)\d\d)",
    r"\u00a9[ \t]{0,3}(?:copyright|(?:19|20)\d\d|(?-i:[A-Z]))",
    # a line that begins with it, and is it alone or goes on with a name
    rf"^[^\w\n]{{0,12}}{_NAME}(?:[^\w\n]{{0,40}}$|[ \t]{{0,3}}[:,]|[ \t]+(?:by|of|(?-i:[A-Z0-9])))",
    rf"{_NAME}[ \t]{{1,3}}(?:by|the)?[ \t]{{0,3}}(?-i:[A-Z])[^\n]{{0,60}}"
    r"(?:inc\b|ltd|llc|authors|foundation)",
    r"SPDX-(?:License-Identifier|FileCopyrightText|FileContributor)",
    rf"(?-i:Licen[cs]ed){_GAP}(?:to|by|with)\b|licen[cs]ed{_GAP}under\b",
    rf"\b(?:{_LICENSES})\b[^.\n]{{0,40}}\blicen[cs]e\b",
    rf"\blicen[cs]e is (?:the )?(?:{_LICENSES})\b",
    r"\(c\)[^\n]{1,80}\blicen[cs]e\b",
    r"^[^\w\n]{0,12}(?:@licen[cs]e|(?-i:Licen[cs]e|LICEN[CS]E)(?:[ \t]*[:=]|[^\w\n]{0,40}$))",
    rf"^[^\w\n]{{0,12}}licen[cs]e[ \t]*[:=][^\w\n]{{0,9}}(?:{_LICENSES})\b",
    r"licen[cs]e[^.\n]{0,40}\b(?:can be found|is available|found in|licen[cs]e file)",
    r"\b(?:see|read)\b[^.\n]{0,60}\b(?-i:LICEN[CS]E|COPYING|COPYRIGHT)\b",
    r"(?-i:LICEN[CS]E|COPYING)(?:\.(?:txt|md))?[ \t]{1,3}file",
    rf"(?:distributed|released|available|governed|published){_GAP}(?:under|by){_GAP}(?:the|a|an)\b"
    r"[^.]{0,60}(?:licen[cs]e|terms)",
    rf"provided[^.\n]{{0,80}}\W{{1,12}}as{_GAP}is\b",
    _WORDED,
)
_NOTICE = re.compile("|".join(_PHRASES), re.IGNORECASE | re.MULTILINE)
# one of these is in every notice
_WORDS = (
    *("copyright", "license", "licence", "\u00a9", "(c)", "spdx", "reserved", "permission"),
    *(
        "redistribut",
        "warrant",
        "software",
        "domain",
        "neither",
        "subject",
        "provided",
        "not use this",
    ),
)
# phrases of most notices
_COMMON = (
    *("copyright (c)", "all rights reserved", "licensed under", "permission is hereby granted"),
    *(
        "spdx-license-identifier",
        "without any warranty",
        "is free software",
        "free software; you can",
    ),
)
# words of the paragraphs that follow a notice and belong to it
_LEGAL = re.compile(
    r"licen[cs]|copyright|warrant|liab(?:le|ility)|damages|redistribut|permission|distribut|conditions\b"
    r"|\bterms\b|patent|trademark|gnu\.org|free software|foundation|reserved|\bas is\b|without limitation"
    r"|express or implied|contributors|\bnotice\b",
    re.IGNORECASE,
)
_PART_OF = re.compile(
    r"\W{0,12}This (?:file|program|source(?: file| code)?|library|module) is (?:a )?part of [^\n]{1,80}\s*",
    re.IGNORECASE,
)
_MAX_LENGTH = 100_000  # characters of a comment; longer ones are code or data


def is_notice(text: str) -> bool:
    """Return whether a comment has a copyright or licence notice.

    >>> is_notice("Copyright 2020 The Authors"), is_notice("checks the license of a user")
    (True, False)
    """
    return len(text) <= _MAX_LENGTH and _has_notice(text)


def _has_notice(text: str) -> bool:
    """Return whether a text has a phrase of a notice; most are found without a regular expression."""
    lowered = text.lower()
    if any(phrase in lowered for phrase in _COMMON):
        return True
    return any(word in lowered for word in _WORDS) and _NOTICE.search(text) is not None


def other_lines(lines: Sequence[str]) -> list[bool]:
    """Return of each line of a comment whether it stays because it belongs to no notice.

    Paragraphs are divided by lines without letters and digits. One that is a notice goes, and so do
    those after it that have words of a licence, "This file is part of ..." before it, and the lines that
    divide them. All lines stay in a comment without a notice, none in a comment that is nothing else.
    """
    stays = [True] * len(lines)
    if not is_notice("".join(lines)):
        return stays
    in_notice = other = False
    preface: int | None = (
        None  # the start of "This file is part of ...", if it is the last paragraph
    )
    start = 0
    while start < len(lines):
        end = start
        while end < len(lines) and _has_words(lines[end]):
            end += 1
        if end > start:
            paragraph = "".join(lines[start:end])
            goes = _has_notice(paragraph) or (in_notice and _LEGAL.search(paragraph))
            in_notice = in_notice or bool(goes)
            stop = end
            while goes and stop < len(lines) and not _has_words(lines[stop]):
                stop += 1
            if goes:
                first = start if preface is None else preface
                stays[first:stop] = [False] * (stop - first)
            is_preface = not goes and _PART_OF.fullmatch(paragraph)
            other = other or not (goes or is_preface)
            preface = start if is_preface else None
        start = max(end, start + 1)
    return stays if other else [False] * len(lines)


def _has_words(line: str) -> bool:
    return any(map(str.isalnum, line))
