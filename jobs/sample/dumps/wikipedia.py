"""Sample of Wikipedia: an English multistream dump with its index, a German export in UTF-16."""

from __future__ import annotations

import bz2
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from jobs.sample.draw import Draw
from jobs.sample.pages import Writer
from jobs.sample.prose import topics

INPUTS = ("*.xml*", "*.txt.bz2")
_DAY = "20230320"
_PAGES_PER_STREAM = 6  # 100 in Wikimedia's dumps
_FIRST_ID = 300

_HEAD = """<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.10/" \
xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" version="0.10" xml:lang="{language}">
  <siteinfo>
    <sitename>Wikipedia</sitename>
    <dbname>{language}wiki</dbname>
    <base>https://{language}.wikipedia.org/wiki/{main}</base>
    <case>first-letter</case>
    <namespaces>
      <namespace key="0" case="first-letter" />
      <namespace key="1" case="first-letter">{talk}</namespace>
      <namespace key="6" case="first-letter">{file}</namespace>
      <namespace key="10" case="first-letter">{template}</namespace>
      <namespace key="14" case="first-letter">{category}</namespace>
    </namespaces>
  </siteinfo>
"""
_END = "</mediawiki>\n"
_PAGE = """  <page>
    <title>{title}</title>
    <ns>{namespace}</ns>
    <id>{number}</id>{redirect}
    <revision>
      <id>{revision}</id>
      <timestamp>2023-0{month}-{day:02}T{hour:02}:15:00Z</timestamp>
      <contributor>
        <username>Writer {writer}</username>
      </contributor>
      <model>wikitext</model>
      <format>text/x-wiki</format>
      <text bytes="{bytes}" xml:space="preserve">{text}</text>
    </revision>
  </page>
"""
_WORDS = {
    "en": {
        "main": "Main_Page",
        "talk": "Talk",
        "file": "File",
        "template": "Template",
        "category": "Category",
        "redirect": "REDIRECT",
        "references": "References",
        "see": "See also",
        "compare": "see",
    },
    "de": {
        "main": "Wikipedia:Hauptseite",
        "talk": "Diskussion",
        "file": "Datei",
        "template": "Vorlage",
        "category": "Kategorie",
        "redirect": "WEITERLEITUNG",
        "references": "Einzelnachweise",
        "see": "Siehe auch",
        "compare": "siehe",
    },
}


@dataclass(frozen=True)
class _Page:
    title: str
    text: str
    namespace: int = 0
    redirect: str | None = None
    outcome: str = "kept"


def write(folder: Path, seed: int) -> list[dict[str, Any]]:
    """Write the dumps; return the outcome of each page."""
    english, german = _pages(seed, "en", 16), _pages(seed, "de", 8)
    _write_multistream(folder / f"enwiki-{_DAY}-pages-articles-multistream", seed, english)
    xml = _head("de") + "".join(_xml(seed, "de", *page) for page in enumerate(german)) + _END
    declared = f'<?xml version="1.0" encoding="UTF-16"?>\n{xml}'
    path = folder / f"dewiki-{_DAY}-pages-articles.xml"
    path.write_bytes(b"\xff\xfe" + declared.encode("utf-16-le"))
    return [
        {"record": f"{language}/{_FIRST_ID + index}", "outcome": page.outcome}
        for language, pages in (("en", english), ("de", german))
        for index, page in enumerate(pages)
    ]


def _write_multistream(path: Path, seed: int, pages: Sequence[_Page]) -> None:
    """Write a dump with streams of the head, of some pages each and of the end, and its index."""
    streams = [bz2.compress(_head("en").encode())]
    index = []
    for first in range(0, len(pages), _PAGES_PER_STREAM):
        offset = sum(map(len, streams))
        numbers = range(first, min(first + _PAGES_PER_STREAM, len(pages)))
        xml = "".join(_xml(seed, "en", number, pages[number]) for number in numbers)
        streams.append(bz2.compress(xml.encode()))
        index += [f"{offset}:{_FIRST_ID + number}:{pages[number].title}\n" for number in numbers]
    streams.append(bz2.compress(_END.encode()))
    path.with_name(f"{path.name}.xml.bz2").write_bytes(b"".join(streams))
    path.with_name(f"{path.name}-index.txt.bz2").write_bytes(bz2.compress("".join(index).encode()))


def _head(language: str) -> str:
    return _HEAD.format(language=language, **_WORDS[language])


def _xml(seed: int, language: str, number: int, page: _Page) -> str:
    draw = Draw(seed, "wikipedia", language, "page", number)
    target = escape(page.redirect or "", {'"': "&quot;"})
    xml = _PAGE.format(
        title=escape(page.title),
        namespace=page.namespace,
        number=_FIRST_ID + number,
        redirect=f'\n    <redirect title="{target}" />' if page.redirect else "",
        revision=draw.number(10**6, 10**7),
        month=draw.number(1, 2),
        day=draw.number(1, 28),
        hour=draw.number(0, 23),
        writer=draw.number(1, 99),
        bytes=len(page.text.encode()),
        text=escape(page.text),
    )
    return xml.replace("</text>", "<br></text>") if page.outcome == "malformed-xml" else xml


def _pages(seed: int, language: str, articles: int) -> list[_Page]:
    """Return articles on random topics, mixed with pages that are no articles."""
    words = _WORDS[language]
    drawn = Draw(seed, "wikipedia", language).some(range(len(topics(language))), articles)
    titles = [topics(language)[topic].title for topic in drawn]
    pages = []
    for number, topic in enumerate(drawn):
        title, linked = titles[number], titles[number - 1]
        pages.append(_Page(title, _article(seed, language, topic, linked)))
        if number % 3 == 0:
            text = f"#{words['redirect']} [[{title}]]\n\n{{{{R from other capitalisation}}}}"
            pages.append(_Page(title.upper(), text, redirect=title, outcome="redirect"))
        if number % 7 == 1:
            pages.append(_Page(f"{words['talk']}:{title}", "Is it? ~~~~", 1, None, "namespace-1"))
        if number % 7 == 2:
            box = "<includeonly>{| class=infobox\n! {{{name}}}\n|}</includeonly>"
            pages.append(_Page(f"{words['template']}:Box {number}", box, 10, None, "namespace-10"))
    pages.insert(5, _Page("Broken page", "A tag that is not escaped", outcome="malformed-xml"))
    pages.insert(9, _Page("Box only", "{{Box|name=x}}\n{{Stub}}", outcome="empty"))
    return pages


def _article(seed: int, language: str, topic: int, linked: str) -> str:
    """Return an article on a topic, with markup and a link to another article."""
    words = _WORDS[language]
    write = Writer(language, Draw(seed, "wikipedia", language, topic))
    subject = topics(language)[topic]
    first, *others = (write.prose(paragraph).lines[0] for paragraph in subject.paragraphs)
    cite = "<ref>{{cite book |title=A book |pages=1–9 |last={{nowrap|A. Writer}}}}</ref>"
    stop = first.index(". ")
    name, _, rest = first[:stop].partition(" ")
    lead = (
        f"'''{name}''' {rest} ({{{{Audio|a.ogg}}}}; {words['compare']} [[{linked}]]).{cite}"
        f"{first[stop + 1 :]}<!-- more? -->"
    )
    parts = [
        f"{{{{Infobox thing\n| name = {subject.title}\n| image = [[{words['file']}:A.jpg|120px]]\n"
        "| size = {{convert|5|km|mi}}\n}}",
        f"[[{words['file']}:A.jpg|thumb|A view of [[{linked}|it]], ''in colour'']]\n{lead}",
    ]
    for paragraph in others:
        parts += [f"== {write.line('heading')} ==\n{paragraph}", write.block(note=3).lines[0]]
    parts.append('{| class="wikitable"\n! Year !! Number\n|-\n| 1900 || 12\n|}')
    if topic % 5 == 0:
        parts.append("{{Quote box|not closed")
    items = "\n".join(f"* [[{title}]]" for title in (linked, subject.title))
    parts.append(f"== {words['see']} ==\n{items}")
    parts.append(f"== {words['references']} ==\n{{{{Reflist}}}}\n<references />")
    parts.append(f"{{{{DEFAULTSORT:{subject.title}}}}}\n[[{words['category']}:{subject.title}]]")
    return "\n\n".join(parts)
