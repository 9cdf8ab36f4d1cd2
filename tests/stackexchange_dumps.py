"""Write Stack Exchange dumps: Posts.xml, plain and in a .7z."""

from __future__ import annotations

from pathlib import Path

import py7zr

SITE = "tea.stackexchange.com"
QUESTION = (
    '  <row Id="7" PostTypeId="1" AcceptedAnswerId="9" CreationDate="2015-01-27T20:09:32.720" '
    'Score="-3" ViewCount="130" Body="&lt;p&gt;How &amp;amp; é?&lt;/p&gt;&#xA;" Title="A &lt; b" '
    'Tags="&lt;green-tea&gt;&lt;c++&gt;" ContentLicense="CC BY-SA 4.0" />'
)
ANSWER = '  <row Id="9" PostTypeId="2" ParentId="7" Score="10" Body="x" Tags="|a|b.c|" />'


def posts_xml(*rows: str, end: str = "</posts>", newline: str = "\n") -> bytes:
    head = ['<?xml version="1.0" encoding="utf-8"?>', "<posts>"]
    return ("\ufeff" + newline.join([*head, *rows, end])).encode()


def write(folder: Path, data: bytes, name: str = "Posts.xml") -> Path:
    (folder / SITE).mkdir(exist_ok=True)
    path = folder / SITE / name
    path.write_bytes(data)
    return path


def seven(folder: Path, members: dict[str, bytes], name: str = f"{SITE}.7z") -> Path:
    path = folder / name
    with py7zr.SevenZipFile(path, "w") as archive:
        for member, data in members.items():
            archive.writestr(data, member)
    return path
