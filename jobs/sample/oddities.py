"""Odd captures of a crawl: wrong charsets, HTTP errors, spam and files that are no pages."""

from __future__ import annotations

import html
import struct
import zlib
from dataclasses import replace
from functools import partial

from jobs.sample.archive import gzip_member
from jobs.sample.captures import Capture, capture
from jobs.sample.draw import Draw
from jobs.sample.pages import Block, Page, Site, Writer, article
from jobs.sample.prose import GUESTS, LANGUAGES, grammar, topics
from jobs.sample.templates import render

LATIN = ("dolor", "sit", "amet", "elit", "sed", "tempor", "labore", "magna", "aliqua", "veniam")

CODE = """function schedule(tasks) {{
  const queue = tasks.filter(function (t) {{ return t.due > {0}; }});
  queue.sort(function (a, b) {{ return a.due - b.due; }});
  for (let i = 0; i < queue.length; i++) {{
    if (!queue[i].done) {{ run(queue[i], {{retries: {1}, wait: {2}}}); }} else {{ log("{3}"); }}
  }}
}}
.panel-{1} {{ margin: {2}px; }} .panel-{1}:hover {{ color: #{0:06d}; }}"""


def odd_captures(sites: list[Site], seed: int) -> list[Capture]:
    """Return all oddities, in a fixed order."""
    by_language = {
        language: next(s for s in sites if s.language == language and s.kind == "article")
        for language in LANGUAGES
    }
    return [
        *charsets(by_language, seed),
        *guests(),
        *errors(sites),
        *low_quality(by_language, seed),
        *files(by_language["en"]),
        *odd_records(by_language, seed),
    ]


def written_page(site: Site, name: str, seed: int) -> Page:
    """Return an ordinary article of a site with the given file name."""
    write = Writer(site.language, Draw("odd", seed, site.host, name))
    title, blocks = article(write)
    return Page(site, f"{name}.html", title, tuple(blocks))


def encoded(
    page: Page, charset: str, *, header: str | None, meta: str | None, kind: str
) -> Capture:
    """Return a page encoded in `charset` and declared as `header` and `meta` state."""
    body = render(page, charset=meta).encode(charset, errors="xmlcharrefreplace")
    content_type = "text/html" + (f"; charset={header}" if header else "")
    return replace(capture(page, kind=kind), body=body, content_type=content_type)


def charsets(sites: dict[str, Site], seed: int) -> list[Capture]:
    """Return pages in charsets other than UTF-8: declared, undeclared and wrongly declared."""
    declared = [
        ("fr", "latin-1", "iso-8859-1", "iso-8859-1", "charset-declared"),
        ("de", "latin-1", None, "iso-8859-1", "charset-in-meta"),
        ("es", "cp1252", "windows-1252", None, "charset-in-header"),
        ("it", "latin-1", None, None, "charset-undeclared"),
        ("de", "cp1252", None, None, "charset-undeclared"),
        # quotes and dashes of cp1252 declared as latin-1: browsers read them as cp1252
        ("fr", "cp1252", "iso-8859-1", None, "charset-usual-lie"),
        ("es", "utf-8", "iso-8859-1", "utf-8", "charset-lie"),
        ("it", "cp1252", "utf-8", "utf-8", "charset-lie"),
        ("fr", "utf-8-sig", None, None, "charset-byte-order-mark"),
    ]
    return [
        encoded(
            written_page(sites[language], f"charset-{index}", seed),
            charset,
            header=header,
            meta=meta,
            kind=kind,
        )
        for index, (language, charset, header, meta, kind) in enumerate(declared)
    ]


def guests() -> list[Capture]:
    """Return pages in languages without a model, in charsets of old pages in them."""
    charset = {"ru": "windows-1251", "ja": "shift_jis"}
    captures = []
    for language in GUESTS:
        for index, topic in enumerate(topics(language)):
            other_topics = [t for t in topics(language) if t is not topic]
            lines = [topic.paragraphs[0], other_topics[index % 2].paragraphs[0]]
            body = "\n".join(f"<p>{html.escape(line)}</p>" for line in lines)
            declared = charset[language] if index else None
            meta = (
                f'<meta http-equiv="Content-Type" content="text/html; charset={charset[language]}">'
            )
            document = (
                f"<html><head>{meta}<title>{topic.title}</title></head><body>{body}</body></html>"
            )
            captures.append(
                Capture(
                    url=f"https://{language}.guest-pages.example/{index}.html",
                    body=document.encode(charset[language]),
                    kind="charset-guest",
                    language=language,
                    text="\n".join([topic.title, *lines]),
                    lines=(topic.title, *lines),
                    content_type="text/html" + (f"; charset={declared}" if declared else ""),
                )
            )
    return captures


def errors(sites: list[Site]) -> list[Capture]:
    """Return responses with error statuses, some of which look like pages."""
    captures = []
    for site in sites[::3]:
        not_found, moved, failed = grammar(site.language).rules["gone"]
        response = partial(error_page, site)
        captures += [
            response("gone", "404 Not Found", not_found, "not-found"),
            response("moved", "301 Moved Permanently", moved, "moved"),
            response("broken", "500 Internal Server Error", failed, "server-error"),
        ]
    return captures


def error_page(site: Site, name: str, status: str, message: str, kind: str) -> Capture:
    """Return an error response with a short body; a redirect has a Location header."""
    body = f"<html><head><title>{status}</title></head><body><p>{html.escape(message)}</p></body></html>"
    url = f"https://{site.host}/{name}"
    headers = (("Location", f"https://{site.host}/"),) if kind == "moved" else ()
    return Capture(url, body.encode(), kind, site.language, status=status, headers=headers)


def low_quality(sites: dict[str, Site], seed: int) -> list[Capture]:
    """Return pages of low quality, which quality signals should reveal."""
    captures = []
    for language, site in sites.items():
        draw = Draw("low", seed, language)
        rules = grammar(language).rules
        lorem = " ".join(draw.pick(LATIN) for _ in range(160))
        filler = Block("paragraph", (f"Lorem ipsum dolor sit amet, {lorem}.",))
        captures.append(capture(Page(site, "coming-soon.html", site.name, (filler,)), kind="lorem"))
        words = [", ".join(draw.some(rules["spam"], 8)) for _ in range(12)]
        spam = tuple(Block("paragraph", (line,)) for line in words)
        captures.append(capture(Page(site, "offers.html", rules["spam"][0], spam), kind="spam"))
        write = Writer(language, draw)
        tips = Block("paragraph", (write.line("note"),))
        captures.append(capture(Page(site, "note.html", site.name, (tips,)), kind="short"))
        numbers = (draw.number(1, 9999), draw.number(2, 9), draw.number(10, 90), site.name)
        code = [Block("code", (CODE.format(*numbers),)), write.block(answer=2)]
        captures.append(
            capture(Page(site, "script.html", f"{site.name} js", tuple(code)), kind="code")
        )
    huge = Writer("en", Draw("huge", seed))
    notes = [
        Block("paragraph", (huge.grammar.paragraph({"chronicle": 3}, huge.draw, {}),))
        for _ in range(900)
    ]
    captures.append(
        capture(Page(sites["en"], "all.html", "Everything on one page", tuple(notes)), kind="huge")
    )
    return captures


def files(site: Site) -> list[Capture]:
    """Return captures whose payloads are not HTML."""
    base = f"https://{site.host}/files"
    pixels = zlib.compress(
        b"".join(b"\x00" + bytes([40, 90, row * 8 % 256] * 16) for row in range(16))
    )
    parts = [
        (b"IHDR", struct.pack(">IIBBBBB", 16, 16, 8, 2, 0, 0, 0)),
        (b"IDAT", pixels),
        (b"IEND", b""),
    ]
    chunks = (
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in parts
    )
    png = b"\x89PNG\r\n\x1a\n" + b"".join(chunks)
    pdf = (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
    )
    text = "\n\n".join(topics("en")[0].paragraphs).encode()
    return [
        Capture(f"{base}/logo.png", png, "image", content_type="image/png"),
        Capture(f"{base}/leaflet.pdf", pdf, "pdf", content_type="application/pdf"),
        Capture(f"{base}/site.css", b"body{margin:0}", "css", content_type="text/css"),
        Capture(f"{base}/data.json", b'{"a": [1, 2, 3]}', "json", content_type="application/json"),
        Capture(f"{base}/marsh.txt", text, "plain-text", "en", content_type="text/plain"),
    ]


def odd_records(sites: dict[str, Site], seed: int) -> list[Capture]:
    """Return good pages in unusual records."""
    page = {language: partial(written_page, site, seed=seed) for language, site in sites.items()}
    without_type = capture(page["en"]("no-type"), kind="no-content-type")
    cut = capture(page["de"]("cut"), kind="truncated-record")
    packed = capture(page["fr"]("packed"), kind="content-encoding")
    xhtml = capture(page["es"]("xhtml"), kind="xhtml")
    empty = f"https://{sites['it'].host}"
    return [
        replace(without_type, content_type=None),
        replace(cut, body=cut.body[: len(cut.body) * 2 // 3], truncated="length"),
        replace(packed, body=gzip_member(packed.body), headers=(("Content-Encoding", "gzip"),)),
        replace(xhtml, content_type="application/xhtml+xml; charset=utf-8"),
        Capture(f"{empty}/empty.html", b"", "empty"),
        Capture(f"{empty}/blank.html", b"<html><head></head><body></body></html>", "blank"),
    ]
