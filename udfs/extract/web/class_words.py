"""Group the words of class, id, role and itemprop by what they say about an element.

Themes and content systems name their elements alike: a word such as `sidebar` or `entry` is evidence, not
proof, and the model weighs it. Words of German are among them because many sites use them.
"""

from __future__ import annotations

import re

_WORDS = """
comment: comment comments commentlist commentary disqus reply replies respond discussion kommentar
    kommentare leserkommentar feedback
share: share shares sharing sharedaddy social socials facebook twitter whatsapp pinterest linkedin
    addtoany shariff follow like likes jp sociable addthis
related: related recommend recommended recommendation recommendations similar also teaser teasers
    trending popular latest recent outbrain taboola more mehr readmore weitere next prev previous
    pagination pager yarpp beliebt
nav: nav navi navigation navbar menu submenu menus breadcrumb breadcrumbs crumb crumbs skip topbar
    toolbar tabs tab sitemap megamenu hamburger offcanvas
sidebar: sidebar side aside rail widget widgets textwidget secondary complementary sidebars marginal
    spalte
footer: footer foot colophon copyright contentinfo bottom impressum footnav fuss
header: header masthead head branding banner logo site kopf topnav
meta: meta metadata byline author authors autor date datum time timestamp published publish updated
    posted vcard avatar bio credit credits source dateline kicker details biography about
tags: tag tags tagcloud category categories cat taxonomy labels keywords topics schlagworte rubrik
    tagged
ad: ad ads adv advert advertisement advertising adsbygoogle sponsor sponsored sponsors anzeige
    anzeigen werbung gpt dfp promo promotion adslot affiliate
subscribe: newsletter subscribe subscription signup paywall login register registration donate
    donation cta abo abonnement mailchimp optin premium signin account
cookie: cookie cookies consent gdpr dsgvo privacy notice cc cookiebar cmp
form: search searchform suche form forms input field button btn buttons filter select dropdown wpcf
    captcha control formular
popup: modal popup overlay dialog lightbox tooltip toast flyout drawer offscreen
hidden: hidden hide invisible sr screen visually none collapse collapsed noshow
media: gallery galerie slider slideshow carousel video player audio image images img photo photos
    picture thumb thumbnail thumbnails media bild slide slides embed swiper
caption: caption captions figcaption bildunterschrift legend imagecaption
listing: list items item grid card cards posts archive loop tile tiles results result articles feed
    listing liste overview
title: title titel headline heading headings headlines subtitle subheading dachzeile
lead: lead intro summary standfirst excerpt abstract description desc deck vorspann einleitung
    teasertext
article: article articlebody artikel story hentry news newsarticle beitrag storybody nachricht
content: content contents maincontent main primary inhalt contentmain hauptinhalt
post: post entry blog single blogpost postcontent entrycontent blogposting
body: body text txt richtext prose copy paragraph bodytext fliesstext absatz csc frame rte wysiwyg
box: box infobox info note factbox hinweis callout panel notes
shop: product products price cart shop rating ratings stars warenkorb produkt preis sku offer buy
forum: message messages forum topic thread user profile answer question member username posting
    signature
quote: quote blockquote pullquote zitat
"""
_GROUPS = {
    group: words.split()
    for group, words in re.findall(r"^(\w+):((?:.|\n )*)", _WORDS, re.MULTILINE)
}
GROUPS = tuple(_GROUPS)
# in the three forms that `_WORD` finds
_BIT = {
    form: 1 << bit
    for bit, words in enumerate(_GROUPS.values())
    for word in words
    for form in (word, word.capitalize(), word.upper())
}
# camelCase and digits separate words as well as - and _ do
_WORD = re.compile(r"[A-Z]?[a-z]{2,}|[A-Z]{2,}(?![a-z])")


_MOST_REMEMBERED = 1 << 15
# names of classes that are longer are made for one page
_LONGEST_REMEMBERED = 40
# sites use the same systems and themes: most names have been on other pages
_remembered: dict[str, int] = {}


def groups(value: str) -> int:
    """Return the groups of the words of an attribute, a bit for each."""
    bits = 0
    for name in value.split():
        of_name = _remembered.get(name)
        bits |= _groups(name) if of_name is None else of_name
    return bits


def _groups(name: str) -> int:
    # the last digits of a name number things of a page
    name = name.rstrip("0123456789")
    if name in _remembered:
        return _remembered[name]
    bits = 0
    for word in _WORD.findall(name):
        if word in _BIT:
            bits |= _BIT[word]
    if len(name) <= _LONGEST_REMEMBERED:
        if len(_remembered) >= _MOST_REMEMBERED:
            _remembered.clear()
        _remembered[name] = bits
    return bits
