"""What repeats on a page: posts of threads, lists of sentences, entries of a reference, quotations."""

from __future__ import annotations

import pytest

from udfs.extract.html import extract

PARAGRAPHS = (
    "Nobody knows where the first lighthouse of the coast really stood, but the fishermen of the village "
    "have their own stories about it, and they tell them gladly.",
    "In 1843 a storm took away the wooden pier, and it was eleven years until the parliament paid for one of "
    "stone, which is still there today.",
)
PROSE = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
POSTS = (
    "I grew up beside that harbour and I can say that the pier was never of wood, whatever the council says.",
    "Do you have a source for that? The archive of the town has drawings from 1840.",
    "Sure: see the second volume of the chronicle, page 212 and following.",
    "Thanks, that is very helpful!",
)
SENTENCES = (
    "The harbour was built in the twelfth century by monks.",
    "A storm took away the wooden pier in 1843.",
    "Only two trawlers are left in the basin today.",
)
QUOTED = "It was the sea that paid for all of it, and it was the sea that took it back, said the old woman."
AUTHOR = "— Anna Larsen, keeper of the light"


def text_of(body: str) -> str:
    """Return the text of a body between navigation and a footer."""
    page = (
        '<header><nav><ul><li><a href="/">Home</a></li></ul></nav></header>'
        f"<h1>Was the pier of wood?</h1>{body}"
        '<div class="widget"><h3>Latest</h3><ul><li><a href="/1">Another story</a></li></ul></div>'
        "<footer><p>© 2019 The Company. All rights reserved.</p></footer>"
    )
    text = extract(page.encode(), "text/html; charset=utf-8").text
    assert "Another story" not in text
    assert "©" not in text
    return text


THREADS = {
    "reddit": '<div class="thing comment"><p class="tagline"><a class="author">user{n}</a> '
    '<time>3 hours ago</time></p><form class="usertext"><div class="md"><p>{post}</p></div></form>'
    '<ul class="buttons"><li><a href=#>permalink</a></li><li><a href=#>reply</a></li></ul></div>',
    "wordpress": '<li class="comment"><article><footer class="comment-meta"><b>user{n}</b></footer>'
    '<div class="comment-content"><p>{post}</p></div><div class="reply"><a href=#>Reply</a></div>'
    "</article></li>",
    "hacker news": '<table><tr class="comtr"><td><a class="hnuser">user{n}</a> '
    '<span class="age">3 hours ago</span><div class="comment">'
    '<div class="commtext">{post}</div></div></td></tr></table>',
    "phpbb": '<div id="p{n}" class="post"><dl class="postprofile"><dt><a>user{n}</a></dt>'
    '<dd>Joined: May 2, 2011</dd></dl><div class="postbody">'
    '<h3><a href=#>Re: Harbour</a></h3><div class="content">{post}</div></div></div>',
    "vbulletin": '<table id="post{n}"><tr><td class="alt2"><a>user{n}</a><div>Posts: {n}2</div></td>'
    '<td class="alt1"><div id="post_message_{n}">{post}</div></td></tr></table>',
    "plain": '<div><div class="username">user{n}</div><blockquote>{post}</blockquote></div>',
}


@pytest.mark.parametrize("theme", THREADS)
def test_short_posts_of_a_thread_stay_without_their_authors(theme: str) -> None:
    posts = "".join(THREADS[theme].format(n=n, post=post) for n, post in enumerate(POSTS))
    text = text_of(f"<div>{posts}</div>")
    assert [post for post in POSTS if post not in text] == []
    assert "user2" not in text


def test_comments_below_an_article_are_no_thread() -> None:
    posts = "".join(THREADS["wordpress"].format(n=n, post=post) for n, post in enumerate(POSTS))
    text = text_of(f'<article>{PROSE * 3}</article><ol class="comments">{posts}</ol>')
    assert text.count(PARAGRAPHS[0]) == 3
    assert POSTS[-1] not in text


@pytest.mark.parametrize(
    "markup",
    [
        *("<ul>{}</ul>", "<ol>{}</ol>", "<menu>{}</menu>", '<ul class="bullets list">{}</ul>'),
        *('<div class="summary"><ul>{}</ul></div>', '<div class="highlights"><ul>{}</ul></div>'),
    ],
)
@pytest.mark.parametrize("place", ["{} {} {}", "{1} {0} {2}", "{1} {2} {0}"])
def test_lists_of_sentences_stay(markup: str, place: str) -> None:
    items = "".join(f"<li>{sentence}</li>" for sentence in SENTENCES)
    text = text_of(place.format(markup.format(items), *(f"<p>{text}</p>" for text in PARAGRAPHS)))
    assert [part for part in (*SENTENCES, *PARAGRAPHS) if part not in text] == []


@pytest.mark.parametrize(
    "quotation",
    [
        f"<blockquote><p>{QUOTED}</p><footer>{AUTHOR}</footer></blockquote>",
        f"<blockquote>{QUOTED}<footer>{AUTHOR}</footer></blockquote>",
        f'<blockquote class="blockquote"><p>{QUOTED}</p><footer class="blockquote-footer">— Anna Larsen, '
        "<cite>keeper of the light</cite></footer></blockquote>",
        f"<blockquote><p>{QUOTED}</p><cite>{AUTHOR}</cite></blockquote>",
    ],
)
def test_a_quotation_keeps_whose_words_it_has(quotation: str) -> None:
    text = text_of(f"<article>{PROSE}{quotation}{PROSE}</article>")
    assert f"{QUOTED}\n{AUTHOR}\n" in text


def test_entries_of_a_reference_stay() -> None:
    entries = "".join(
        f'<li><section class="detail"><h3>method{n}</h3><div class="signature">public void method{n}()</div>'
        f'<div class="block">Writes the object number {n} to the stream. The class of the object, its '
        "signature and the values of its fields are written as well.</div></section></li>"
        for n in range(20)
    )
    text = text_of(f"<div>{PROSE}</div><ul class='member-list'>{entries}</ul>")
    assert text.count("to the stream.") == 20
