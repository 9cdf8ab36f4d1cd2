"""The content of pages in many clothes and languages stays, and what is around it goes."""

from __future__ import annotations

import pytest

from udfs.extract.html import extract
from udfs.extract.web.class_words import GROUPS

PARAGRAPHS = {
    "en": "The harbour was built in the twelfth century and has been enlarged several times since then, "
    "most recently by the town council. Ship {} still sails, and many of the people of the town are proud.",
    "zh": "这座港口建于十二世纪，此后多次扩建，最近一次由市议会"
    "负责。第{}艘船今天仍在航行，许多居民对此感到自豪。",
    "ja": "この港は十二世紀に造られ、その後何度も拡張されました。{"
    "}番目の船は今も航海しています。住民は誇りに思っています。",
    "th": "ท่าเรือแห่งนี้สร้างขึ้นในศตวรรษที่สิบสองและได้รับการขยายหลายครั้งตั้งแต่นั้นมา เรือลำที่ {} ยังคงแล่นอยู่",
    "ar": "بني الميناء في القرن الثاني عشر وتم توسيعه عدة مرات منذ "
    "ذلك الحين، والسفينة رقم {} لا تزال تبحر حتى اليوم.",
    "hi": "बंदरगाह बारहवीं शताब्दी में बनाया गया था और तब से कई "
    "बार बढ़ाया गया है। जहाज संख्या {} आज भी चलता है।",
    "ru": "Гавань была построена в двенадцатом веке и с тех пор "
    "несколько раз расширялась. Корабль {} всё ещё ходит.",
    "km": "កំពង់ផែនេះត្រូវបានសាងសង់នៅសតវត្សទីដប់ពីរ ហើយត្រូវបានពង្រីកជាច្រើនដង "
    "ចាប់តាំងពីពេលនោះមក កប៉ាល់លេខ {} នៅតែធ្វើដំណើរ ហើយប្រជាជនមានមោទនភាព",
}
BEFORE = """<header class="site-header"><div class="logo">Site</div><nav><ul>
<li class="menu-item"><a href="/">Home</a></li><li class="menu-item"><a href="/c">Culture</a></li>
<li class="menu-item"><a href="/s">Sport</a></li></ul></nav></header>"""
AFTER = """<aside class="sidebar"><h3>Latest</h3><ul><li><a href="/1">Another story about something</a></li>
<li><a href="/2">Another story about something else</a></li></ul></aside>
<footer><p>© 2019 The Company. All rights reserved.</p><a href="/i">Imprint</a></footer>"""
BOILERPLATE = ("Culture", "Another story", "©", "Imprint")
# as content systems write them on the article itself or around it
CLASSES = (
    *("no-comments", "comments-closed", "category-comments", "tag-reply", "category-logo"),
    *("hidden-xs", "print-only", "visible-print", "no-sidebar", "has-sidebar", "with-ads"),
    *("cookie-notice-shown", "menu-open", "newsletter-page", "modal-open", "share-buttons-off"),
    *GROUPS,
)
ELEMENTS = (
    *("header", "aside", "section", "form", "figure", "blockquote", "dl", "address", "details"),
    *("noscript", "dialog", "fieldset", "center", "footer", "nav"),
)


def lost(
    start: str, end: str, language: str = "en", item: str = "<p>{}</p>", framed: bool = True
) -> set[str]:
    """Return the paragraphs of a page that are not in its text; fail if boilerplate is."""
    paragraphs = [PARAGRAPHS[language].format(number) for number in range(3)]
    body = start + "".join(item.format(paragraph) for paragraph in paragraphs) + end
    page = f"<html><body>{BEFORE + body + AFTER if framed else body}</body></html>"
    text = extract(page.encode(), "text/html; charset=utf-8").text
    assert not [word for word in BOILERPLATE if word in text]
    return {paragraph for paragraph in paragraphs if paragraph not in text}


@pytest.mark.parametrize("language", PARAGRAPHS)
def test_languages(language: str) -> None:
    for framed in (True, False):
        assert not lost("<div>", "</div>", language, framed=framed)
        assert not lost("<main><article>", "</article></main>", language, framed=framed)
        assert not lost("<ul>", "</ul>", language, "<li>{}</li>", framed)
        assert not lost("<div>", "</div>", language, "{}<br><br>", framed)


@pytest.mark.parametrize("name", CLASSES)
def test_class_words_around_the_content(name: str) -> None:
    for framed in (True, False):
        assert not lost(f'<div class="{name}">', "</div>", framed=framed)
        assert not lost(f'<article id="{name}" class="post {name}">', "</article>", framed=framed)
        assert not lost(
            "<div>", "</div>", item=f'<div class="{name}"><p>{{}}</p></div>', framed=framed
        )


@pytest.mark.parametrize("element", ELEMENTS)
def test_elements_around_the_content(element: str) -> None:
    for framed in (True, False):
        assert not lost(f"<{element}>", f"</{element}>", framed=framed)
    assert not lost(f"<{element}>", "", framed=False)  # never closed


DECOYS = (
    '<div id="post-body-class"></div>',
    '<article class="main-content"><p>Get the newsletter.</p></article>',
    "<main><h1>Harbours</h1></main>",
    '<div itemprop="articleBody"> </div>',
    '<div class="entry-content"><p>Advertisement</p></div>',
    '<div role="main"><a href="/x">Skip to the content</a></div>',
)


@pytest.mark.parametrize("decoy", DECOYS)
def test_decoys_are_not_taken_for_the_content(decoy: str) -> None:
    assert not lost(f"{decoy}<div>", "</div>")
    assert not lost("<div>", f"</div>{decoy}")
