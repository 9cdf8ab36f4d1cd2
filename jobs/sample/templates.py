"""HTML of pages in six different layouts with boilerplate."""

from __future__ import annotations

import functools
import html
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from jobs.sample.draw import Draw
from jobs.sample.pages import Block, Page, Site
from jobs.sample.prose import grammar, topics

STYLE = (
    "body{{font:16px/1.5 {font};margin:0;color:#222}}.wrap{{max-width:{width}px;margin:auto}}"
    "nav li{{display:inline;padding:.4em}}@media(max-width:600px){{aside{{display:none}}}}"
)
SCRIPT = (
    "(function(w,d){{w.tracker=w.tracker||[];w.tracker.push(['site','{host}']);"
    "d.addEventListener('click',function(e){{if(e.target.id==='ok'){{"
    "d.getElementById('consent').style.display='none';}}}});}})(window,document);"
)


@dataclass(frozen=True)
class Boilerplate:
    """The text that every page of a site repeats."""

    nav: tuple[str, ...]
    cookie: str
    newsletter: str
    footer: str
    share: tuple[str, ...]
    related: tuple[str, ...]
    heading: str


@functools.cache
def boilerplate(site: Site) -> Boilerplate:
    """Return the boilerplate of a site."""
    rules, draw = grammar(site.language).rules, Draw("boilerplate", site.host)
    return Boilerplate(
        nav=tuple(draw.some(rules["nav"], 6)),
        cookie=draw.pick(rules["cookie"]),
        newsletter=draw.pick(rules["newsletter"]),
        footer=f"© 2099 {site.name}. {draw.pick(rules['footer'])}",
        share=tuple(draw.some(rules["share"], 4)),
        related=tuple(topic.title for topic in draw.some(topics(site.language), 5)),
        heading=rules["labels"][4],
    )


def tag(name: str, text: str, **attributes: str) -> str:
    """Return an element with escaped text."""
    return f"<{name}{attributes_of(attributes)}>{html.escape(text, quote=False)}</{name}>"


def attributes_of(attributes: dict[str, str]) -> str:
    """Return attributes in the form of a tag; `class_` becomes `class`."""
    pairs = ((name.rstrip("_"), html.escape(value)) for name, value in attributes.items())
    return "".join(f' {name}="{value}"' for name, value in pairs)


def links(items: Sequence[str]) -> str:
    """Return list items with one link each."""
    return "".join(
        f'<li><a href="/{index}.html">{html.escape(item)}</a></li>'
        for index, item in enumerate(items)
    )


def render_block(block: Block) -> str:
    """Return the markup of a block."""
    if block.kind == "heading":
        return tag("h2", block.lines[0])
    if block.kind == "paragraph":
        return tag("p", block.lines[0])
    if block.kind == "code":
        return f"<pre><code>{html.escape(block.lines[0], quote=False)}</code></pre>"
    if block.kind in ("list", "steps"):
        name = "ul" if block.kind == "list" else "ol"
        return f"<{name}>\n" + "\n".join(tag("li", line) for line in block.lines) + f"\n</{name}>"
    if block.kind == "table":
        rows = ["".join(tag("td", cell) for cell in row.split("\t")) for row in block.lines]
        return "<table>\n" + "\n".join(f"<tr>{row}</tr>" for row in rows) + "\n</table>"
    byline, *paragraphs = block.lines
    inner = "\n".join(tag("p", line) for line in paragraphs)
    return f'<div class="post"><div class="who">{html.escape(byline)}</div>\n{inner}\n</div>'


def magazine(page: Page, parts: Boilerplate, body: str) -> str:
    """Return HTML5 with header, article, aside and footer."""
    return f"""<div id="consent" role="dialog">{tag("p", parts.cookie)}<button id="ok">OK</button></div>
<header><a class="brand" href="/">{page.site.name}</a><nav><ul>{links(parts.nav)}</ul></nav></header>
<main class="wrap"><article>
{tag("h1", page.title)}
{body}
</article>
<aside>{tag("h3", parts.heading)}<ul>{links(parts.related)}</ul></aside></main>
<footer>{tag("p", parts.newsletter)}{tag("p", parts.footer)}</footer>"""


def gazette(page: Page, parts: Boilerplate, body: str) -> str:
    """Return nested sections with classes, and share links inside the story."""
    share = "".join(tag("a", text, href="#", class_="share-btn") for text in parts.share)
    return f"""<div class="top-bar"><ul class="menu">{links(parts.nav)}</ul></div>
<section class="page wrap"><section class="story">
{tag("h1", page.title, class_="headline")}
<div class="share-bar">{share}</div>
<div class="story-body">
{body}
</div></section>
<section class="sidebar"><form>{tag("label", parts.newsletter)}<input type="email"></form>
<ul class="most-read">{links(parts.related)}</ul></section></section>
<div class="cookie-banner">{tag("span", parts.cookie)} <button id="ok">OK</button></div>
<footer class="site-footer">{tag("small", parts.footer)}</footer>"""


def blog(page: Page, parts: Boilerplate, body: str) -> str:
    """Return an older blog: divs with ids, a blogroll, the menu after the text."""
    return f"""<div id="page" class="wrap"><div id="header">{tag("h1", page.site.name)}</div>
<div id="content"><div class="entry">
{tag("h2", page.title, class_="entry-title")}
{body}
</div></div>
<div id="sidebar"><div class="widget">{tag("h4", parts.heading)}<ul>{links(parts.related)}</ul></div>
<div class="widget newsletter">{tag("p", parts.newsletter)}</div></div>
<div id="menu"><ul>{links(parts.nav)}</ul></div>
<div id="footer">{tag("p", parts.footer)}<div id="consent">{tag("p", parts.cookie)}</div></div></div>"""


def shop(page: Page, parts: Boilerplate, body: str) -> str:
    """Return a shop with breadcrumbs, a basket and data for search engines."""
    return f"""<header class="shop-header"><nav aria-label="main"><ul>{links(parts.nav)}</ul></nav>
<form role="search"><input type="search"></form><div class="basket">0</div></header>
<nav class="breadcrumb"><a href="/">{page.site.name}</a> › <span>{html.escape(page.title)}</span></nav>
<main class="product wrap">{tag("h1", page.title, itemprop="name")}
<img src="/i/{page.path}.jpg" alt=""><div class="description">
{body}
</div></main>
<div class="recommendations">{tag("h3", parts.heading)}<ul>{links(parts.related)}</ul></div>
<div class="modal" id="consent">{tag("p", parts.cookie)}</div>
<footer>{tag("p", parts.footer)}{tag("p", parts.newsletter)}</footer>"""


def forum(page: Page, parts: Boilerplate, body: str) -> str:
    """Return a forum in tables, like early message boards."""
    menu = " | ".join(tag("a", text, href="/board") for text in parts.nav)
    return f"""<table class="frame" width="100%"><tr><td class="menu" colspan="2">{menu}</td></tr>
<tr><td class="side" width="20%">{"<br>".join(tag("a", text, href="#") for text in parts.share)}</td>
<td class="thread">{tag("h1", page.title)}
{body}
</td></tr>
<tr><td colspan="2" class="foot"><font size="1">{html.escape(parts.footer)}</font><br>
<font size="1">{html.escape(parts.cookie)}</font></td></tr></table>"""


def wiki(page: Page, parts: Boilerplate, body: str) -> str:
    """Return a wiki with a table of contents and the menu on the left."""
    return f"""<div id="mw-panel"><ul>{links(parts.nav)}</ul></div>
<div id="content" class="mw-body wrap">{tag("h1", page.title, id="firstHeading")}
<div id="toc"><ul>{links(parts.related)}</ul></div>
<div id="bodyContent">
{body}
</div>
<div class="catlinks">{" · ".join(tag("a", text, href="#") for text in parts.share)}</div></div>
<div id="footer"><ul><li>{html.escape(parts.footer)}</li><li>{html.escape(parts.cookie)}</li></ul></div>"""


LAYOUTS: dict[str, Callable[[Page, Boilerplate, str], str]] = {
    "article": magazine,
    "news": gazette,
    "recipe": blog,
    "product": shop,
    "thread": forum,
    "chronicle": wiki,
}
"""Layouts by kind of site."""


def render(page: Page, *, charset: str | None = "utf-8") -> str:
    """Return a page as an HTML document whose meta element, if any, declares `charset`."""
    site = page.site
    draw = Draw("style", site.host)
    font = draw.pick(["serif", "sans-serif", "Georgia", "Verdana"])
    style = STYLE.format(font=font, width=draw.number(700, 1200))
    meta = f'<meta charset="{charset}">\n' if charset else ""
    content = LAYOUTS[site.kind](page, boilerplate(site), "\n".join(map(render_block, page.blocks)))
    return f"""<!DOCTYPE html>
<html lang="{site.language}">
<head>
{meta}<title>{html.escape(page.title)} - {site.name}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="canonical" href="{html.escape(page.url)}">
<style>{style}</style>
<script>{SCRIPT.format(host=site.host)}</script>
</head>
<body>
{content}
<script src="/assets/site.js" async></script>
</body>
</html>
"""


def plain_lines(page: Page) -> list[str]:
    """Return the lines of a page's WET record: title first, boilerplate included."""
    parts = boilerplate(page.site)
    block_lines = [line.replace("\t", " ") for block in page.blocks for line in block.lines]
    top = [f"{page.title} - {page.site.name}", *parts.nav, page.title]
    return [
        *top,
        *block_lines,
        parts.heading,
        *parts.related,
        parts.newsletter,
        parts.cookie,
        parts.footer,
    ]
