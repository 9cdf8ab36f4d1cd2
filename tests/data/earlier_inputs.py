"""Dumps of all seven slices, an evaluation set and models, small and always the same."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import math
import os
import random
import tarfile
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from earlier_prose import SHARED, Writer, edited

TIME = 1_709_251_200
"""Modification time of the inputs, which identifies a local file's version: 2024-03-01, UTC."""

ITEM = (
    "If nine lanterns light a harbour for eleven nights, how many nights would three lanterns last?"
)
"""The evaluation item that one document contains."""


def _warc(*pages: tuple[str, str]) -> bytes:
    members = []
    for url, html in pages:
        http = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{html}".encode()
        if "/missing" in url:
            http = http.replace(b"200 OK", b"404 Not Found")
        # the length of a damaged record is not a number
        length = "many" if "/damaged" in url else len(http)
        number = random.Random(url).getrandbits(48)
        head = (
            f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\n"
            f"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{number:012x}>\r\n"
            "WARC-Date: 2024-03-01T12:00:00Z\r\n"
            f"Content-Type: application/http; msgtype=response\r\nContent-Length: {length}\r\n\r\n"
        )
        members.append(gzip.compress(head.encode() + http + b"\r\n\r\n", mtime=0))
    return b"".join(members)


def _html(title: str, text: str, footer: str = "") -> str:
    body = "\n".join(f"<p>{escape(line)}</p>" for line in [*text.splitlines(), footer] if line)
    return f"<html><head><title>{title}</title></head><body>\n{body}\n</body></html>\n"


def _crawl() -> dict[str, bytes]:
    footer = "Written by the volunteers of the harbour archive, who answer letters by hand."
    pages = [
        (f"https://www.harbour.example/{n}", _html(f"Page {n}", Writer(f"page {n}").text(), footer))
        for n in range(4)
    ]
    mail = "Write to keeper@harbour.example or to the machine at 8.8.8.8 for a copy.\n"
    pages += [
        ("https://letters.example/mail", _html("Mail", mail + Writer("mail").text())),
        ("https://copies.example/first", _html("Shared", SHARED)),
        ("https://www.harbour.example/short", _html("Short", "Too short.")),
        ("https://www.harbour.example/missing", _html("Missing", Writer("missing").text())),
        ("https://www.harbour.example/damaged", _html("Damaged", Writer("damaged").text())),
    ]
    later = [
        ("https://copies.example/second", _html("Shared", SHARED)),
        ("https://www.harbour.example/later", _html("Later", Writer("later").text(), footer)),
    ]
    pattern = "crawl-data/CC-MAIN-2024-{}/segments/1/warc/CC-MAIN-20240301-0000{}.warc.gz"
    return {pattern.format(10, 0): _warc(*pages), pattern.format(18, 1): _warc(*later)}


def _c4() -> dict[str, bytes]:
    texts = {f"https://kitchen.example/{n}": Writer(f"c4 {n}").text() for n in range(3)}
    texts["https://kitchen.example/shared"] = edited(SHARED)
    texts["https://quiz.example/lanterns"] = f"{Writer('quiz').text(1)}\n{ITEM}\nThirty-three."
    lines = [
        json.dumps({"text": text, "timestamp": "2019-04-18T04:00:00Z", "url": url})
        for url, text in texts.items()
    ]
    lines.insert(2, lines[2][:60])
    data = "".join(f"{line}\n" for line in lines).encode()
    return {"c4/en/c4-train.00000-of-01024.json.gz": gzip.compress(data, mtime=0)}


def _github() -> dict[str, bytes]:
    records = []
    for n, license_ in enumerate(("mit", "apache-2.0", "gpl-3.0")):
        function = (
            f"# {Writer(f'code {n}').sentence()}\n"
            f"def lanterns_of_harbour_{n}(lanterns, nights):\n"
            '    """Return how many lanterns the harbour needs for so many nights."""\n'
            "    return sum(lantern.light for lantern in lanterns if lantern.lasts >= nights)\n"
        )
        records.append(
            {
                "id": f"{n:040x}",
                "content": function * 3,
                "repo_name": "example/lanterns",
                "path": f"src/lanterns_{n}.py",
                "license": license_,
                "mode": "33188",
                "size": str(len(function) * 3),
                "copies": "1",
                "ref": "refs/heads/main",
            }
        )
    data = "".join(f"{json.dumps(record)}\n" for record in records).encode()
    return {"github/github_000000000000.jsonl.gz": gzip.compress(data, mtime=0)}


def _arxiv() -> dict[str, bytes]:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name in ("hep-th9901001", "hep-th9901002"):
            prose = Writer(name)
            tex = (
                "\\documentclass{article}\n\\newcommand{\\x}{\\mathbf{x}}\n"
                f"\\title{{{prose.sentence()}}}\n\\begin{{document}}\n\\maketitle\n"
                f"\\section{{Lanterns}}\n{prose.paragraph()} % a comment\n\n"
                f"Let $\\x = \\sum_i x_i$. {prose.paragraph()}\n"
                "\\begin{thebibliography}{9}\\bibitem{a} A book.\\end{thebibliography}\n"
                "\\end{document}\n"
            )
            content = gzip.compress(tex.encode(), mtime=0)
            info = tarfile.TarInfo(f"9901/{name}.gz")
            info.size, info.mtime = len(content), TIME
            archive.addfile(info, io.BytesIO(content))
    return {"arxiv/arXiv_src_9901_001.tar": target.getvalue()}


def _books() -> dict[str, bytes]:
    chapters = [Writer(f"chapter {n}").text(6) for n in range(2)]
    book = "THE HARBOUR\n\nby Nobody\n\n" + "\n\n".join(chapters)
    return {
        "books/9001/harbour10.txt": book.encode(),
        "books/9001/9001-0.txt": edited(book).encode(),
        "books/9002/cover.txt": bytes(range(256)) * 2,
    }


def _wikipedia() -> dict[str, bytes]:
    head = (
        '<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.10/" version="0.10" '
        'xml:lang="en">\n  <siteinfo>\n    <dbname>enwiki</dbname>\n'
        "    <base>https://en.wikipedia.org/wiki/Main_Page</base>\n  </siteinfo>\n"
    )
    shared = edited(edited(SHARED))
    pages = []
    for number, (title, text) in enumerate(
        {
            "Lantern": f"A '''lantern''' lights a [[harbour]].\n{Writer('lantern').text()}",
            "Shared": shared,
            "Lamp": "#REDIRECT [[Lantern]]",
        }.items(),
        12,
    ):
        redirect = '\n    <redirect title="Lantern" />' if text.startswith("#") else ""
        pages.append(
            f"  <page>\n    <title>{title}</title>\n    <ns>0</ns>\n    <id>{number}</id>{redirect}\n"
            f"    <revision>\n      <id>{number}00</id>\n"
            "      <timestamp>2024-02-01T00:00:00Z</timestamp>\n      <model>wikitext</model>\n"
            f"      <format>text/x-wiki</format>\n      <text>{escape(text)}</text>\n"
            "    </revision>\n  </page>\n"
        )
    streams = [head, "".join(pages), "</mediawiki>\n"]
    data = b"".join(bz2.compress(stream.encode()) for stream in streams)
    return {"wikipedia/enwiki-20240220-pages-articles-multistream.xml.bz2": data}


def _stackexchange() -> dict[str, bytes]:
    def row(number: int, type_: int, **others: str) -> str:
        body = f"<p>{Writer(f'post {number}').paragraph()}</p>\n"
        fields = {
            "Id": str(number),
            "PostTypeId": str(type_),
            "CreationDate": "2019-05-06T07:15:30.120",
            "Score": str(10 - number),
            "Body": body,
            **others,
            "ContentLicense": "CC BY-SA 4.0",
        }
        return f"  <row {' '.join(f'{key}={quoteattr(value)}' for key, value in fields.items())} />"

    rows = [
        row(1, 1, Title="Why is the lantern of our harbour dark?", Tags="<lantern>"),
        row(2, 2, ParentId="1"),
        row(3, 2, ParentId="1"),
        row(4, 1, Title="How many boats does a narrow harbour hold?", Tags="<boat>"),
        row(5, 2, ParentId="4711"),
    ]
    lines = ['<?xml version="1.0" encoding="utf-8"?>', "<posts>", *rows, "</posts>"]
    return {"stackexchange/harbour.example/Posts.xml": ("\n".join(lines) + "\n").encode()}


def _evaluation() -> dict[str, bytes]:
    record = json.dumps({"id": "lanterns-1", "question": ITEM})
    return {"evaluations/lanterns.jsonl": f"{record}\n".encode()}


def write_inputs(folder: Path) -> None:
    """Write dumps of all slices, an evaluation set, and models of English."""
    files: dict[str, bytes] = {}
    for made in (_crawl, _c4, _github, _arxiv, _books, _wikipedia, _stackexchange, _evaluation):
        files |= made()
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    _write_models(folder / "models")
    for path in folder.rglob("*"):
        if path.is_file():
            os.utime(path, (TIME, TIME))


def _write_models(folder: Path) -> None:
    """Write a SentencePiece model, an ARPA file of (almost) single pieces, and cut-offs."""
    import sentencepiece

    folder.mkdir()
    lines = [Writer(f"training {n}").sentence().lower() for n in range(60)]
    written = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(lines),
        model_writer=written,
        vocab_size=120,
        normalization_rule_name="identity",
        minloglevel=2,
        num_threads=1,
    )
    (folder / "en.sp.model").write_bytes(written.getvalue())
    pieces = sentencepiece.SentencePieceProcessor(model_proto=written.getvalue())
    counts = {"<unk>": 1, "</s>": len(lines)}
    for line in lines:
        first, *_ = encoded = pieces.encode_as_pieces(line)
        for piece in encoded:
            counts[piece] = counts.get(piece, 0) + 1
    total = sum(counts.values())
    grams = [f"{math.log10(count / total):.4f}\t{piece}\t0" for piece, count in counts.items()]
    arpa = ["\\data\\", f"ngram 1={len(grams) + 1}", "ngram 2=1", ""]
    arpa += ["\\1-grams:", "-99\t<s>\t0", *grams, "", "\\2-grams:", f"-0.5\t<s> {first}", ""]
    (folder / "en.arpa").write_text("\n".join([*arpa, "\\end\\", ""]), encoding="utf-8")
    rows = [f"{percentile},{62 + percentile / 6:.1f}" for percentile in range(0, 101, 10)]
    (folder / "cutoff.csv").write_text("\n".join([",en", *rows]) + "\n", encoding="utf-8")
