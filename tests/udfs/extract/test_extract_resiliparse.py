"""`--extractor resiliparse`: the text of release 0.1, to the byte."""

from __future__ import annotations

from pathlib import Path

import pytest
from archives import read
from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.html import HTMLTree

from udfs.extract.encoding import decode
from udfs.extract.html import extract

PAGE = """<!DOCTYPE html>
<html lang="en"><head><title> The ferry
 and its timetable </title><style>p { margin: 0 }</style></head>
<body>
<header class="site-header"><a href="/">The Harbour Gazette</a></header>
<nav class="menu"><ul><li><a href="/news">News</a></li><li><a href="/sport">Sport</a></li></ul></nav>
<main><article>
<h1>The ferry and its timetable</h1>
<p class="byline">By Ada Quill, 3 March</p>
<p>The ferry crosses <b>nine</b> times a day,&nbsp;weather permitting,
   and takes 25&thinsp;minutes &mdash; or longer.<br>It carries forty people.</p>
<h2>Prices</h2>
<table><tr><th>Ticket</th><th>Price</th></tr><tr><td>adult</td><td>3.40 €</td></tr>
<tr><td>child</td><td>€</td></tr></table>
<ol start="3"><li>Pay at the pier.</li><li>Board.<ul><li>Dogs go below.</li></ul></li></ol>
<pre>def fare(age):

    return 3.4 if age > 12 else 0   </pre>
<p>The ferryman&#39;s sign reads <i>渡し船<b>の</b>時刻表</i>.</p>
<figure><img src="ferry.jpg" alt="the ferry"><figcaption>The ferry in March.</figcaption></figure>
<div class="comments"><p>First! A comment below the article, of some length all the same.</p></div>
<form><input value="Subscribe"><button>Send</button></form>
</article></main>
<aside class="related"><a href="/bridge">Also read: the bridge</a></aside>
<footer>Imprint</footer>
</body></html>
"""
EXPECTED = [
    "The ferry and its timetable",
    "By Ada Quill, 3 March",
    "The ferry crosses nine times a day,\xa0weather permitting, and takes 25\u2009minutes — or longer.",
    "It carries forty people.",
    "Prices",
    "Ticket\t\tPrice",
    "adult\t\t3.40 €",
    "child",  # a text node of one character beyond U+07FF is lost, here and in the last line
    "  1. Pay at the pier.",
    "  2. Board.",
    "    • Dogs go below.",
    "def fare(age):",
    "    return 3.4 if age > 12 else 0",
    "The ferryman's sign reads 渡し船時刻表.",
]
"""What release 0.1 made of it."""


def test_a_page_of_every_kind_of_markup() -> None:
    extracted = extract(PAGE.encode(), "text/html; charset=utf-8", extractor="resiliparse")
    assert extracted.title == "The ferry and its timetable"
    assert (extracted.share, extracted.second_try) == (None, False)
    assert extracted.text.split("\n") == EXPECTED


@pytest.mark.parametrize(
    "name", ["cc-main-2020-34.warc.gz", "heritrix-2008.warc.gz", "whirlwind.warc.gz"]
)
def test_real_pages(shared_data: Path, name: str) -> None:
    records = read((shared_data / "warc" / name).read_bytes())
    pages = [record for record in records if "html" in (record["content_type"] or "")]
    assert pages
    for page in pages:
        html, _ = decode(page["content"], page["content_type"])
        text = extract_plain_text(
            HTMLTree.parse(html),
            main_content=True,
            preserve_formatting=True,
            list_bullets=True,
            alt_texts=False,
            links=False,
            form_fields=False,
            noscript=False,
            comments=False,
        )
        lines = [line.rstrip() for line in text.split("\n") if line.rstrip()]
        extracted = extract(page["content"], page["content_type"], extractor="resiliparse")
        assert extracted.text == "\n".join(lines)
