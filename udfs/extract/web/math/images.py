"""Formulas of images: the TeX of their alternative text, or of the address of a service that draws TeX."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import unquote

from udfs.extract.web.math.tex import Formula, clean, is_delimited, is_tex

_Attributes = Mapping[str, str | None]

# classes of images that are formulas: WordPress, MediaWiki, QuickLaTeX, Art of Problem Solving, Moodle,
# Canvas, LaTeXML, Zhihu and plug-ins
_IN_TEXT = """
    latex tex texrender mimetex mathtex mathjax-img ltx_math ql-img-inline-formula equation_image
    wirisformula ee_img ztext-math mathimg mwe-math-fallback-image-inline mwe-math-fallback-png-inline
"""
_IN_LINES = """
    latexcenter ql-img-displayed-equation mwe-math-fallback-image-display mwe-math-fallback-png-display
"""
_DISPLAY_CLASSES = frozenset(_IN_LINES.split())
_CLASSES = _DISPLAY_CLASSES.union(_IN_TEXT.split())
# classes that other images have too: the alternative text has to look like TeX
_LOOSE = "math inline-math display-math equation formula eq inlineformula"
_LOOSE_CLASSES = frozenset(_LOOSE.split())
_ADDRESSES = ("src", "data-src", "data-lazy-src", "data-original")
_LONGEST_ADDRESS = 100_000

# services whose address has TeX in a parameter, and the parameter's name
_SERVICES = re.compile(
    r"(latex\.php|chart|zhihu\.com/equation|render/math|tex2img\.php|math\.(?:vercel\.app|now\.sh)/?"
    r"|(?:math|mime)tex\.cgi)\?([^#]*)"
)
_PARAMETERS = {
    "latex.php": ("latex",),
    "chart": ("chl",),
    "zhihu.com/equation": ("tex",),
    "render/math": ("math",),
    "tex2img.php": ("eq",),
    "mathtex.cgi": ("formdata",),
    "mimetex.cgi": ("formdata",),
}
_OTHER_PARAMETERS = ("from", "inline", "block")
# services that take all after the question mark, or the rest of the path, as TeX
_WHOLE = re.compile(
    r"(?:codecogs\.com/[\w.]*(?:latex|image|download)\?|(?:math|mime)tex\.(?:cgi|php)\?"
    r"|numberempire\.com/equation\.render\?|(?:i\.upmath\.me|tex\.s2cms\.(?:ru|com))/(?:svg|png)/)"
)
# settings of the image in codecogs' and mimeTeX's TeX
_SETTINGS = re.compile(
    r"(?:\s*\\(?:inline|dpi|(?:bg|fg)(?:_[a-zA-Z]+)?|fn_[a-z]+|opaque|reverse|huge|LARGE|Large|large"
    r"|normalsize|small|footnotesize|tiny)(?![A-Za-z])(?:\{[^{}]*\})?)+"
)
_LABEL = re.compile(r"\s*(?:LaTeX|TeX|Formula)\s*:\s*")


def formula(attributes: _Attributes) -> Formula | None:
    """Return the formula that an image shows; None if it shows none that is known."""
    classes = (attributes.get("class") or "").lower().split()
    alternative = attributes.get("alt") or ""
    known = not _CLASSES.isdisjoint(classes)
    display = not _DISPLAY_CLASSES.isdisjoint(classes)
    content = attributes.get("data-equation-content") or ""
    if content.strip():
        return clean(content)
    if known and is_tex(alternative):
        return clean(_LABEL.sub("", alternative, count=1), display)
    for name in _ADDRESSES:
        source = _of_address(attributes.get(name) or "")
        if source.strip():
            return clean(source, display)
    title = attributes.get("title") or ""
    if known and is_tex(title) and not title.startswith("Rendered"):
        return clean(title, display)
    if is_delimited(alternative):
        return clean(alternative)
    loose = not _LOOSE_CLASSES.isdisjoint(classes)
    if loose and "\\" in alternative and is_tex(alternative):
        return clean(alternative)
    return None


def _of_address(address: str) -> str:
    """Return the TeX in the address of an image; empty if there is none."""
    if len(address) > _LONGEST_ADDRESS:
        return ""
    service = _SERVICES.search(address)
    if service:
        names = _PARAMETERS.get(service[1], _OTHER_PARAMETERS)
        query = service[2].split("&")
        for parameter in query:
            name, _, value = parameter.partition("=")
            if name in names and (service[1] != "chart" or "cht=tx" in query):
                return _without_settings(_unquote(value, plus_is_space=True))
    whole = _WHOLE.search(address)
    if whole:
        text = address[whole.end() :].replace("&space;", " ").replace("&plus;", "+")
        return _without_settings(_unquote(text, plus_is_space=False))
    return ""


def _unquote(text: str, plus_is_space: bool) -> str:
    """Return text without percent encoding; a plus sign is a space where one is encoded as `%2B`."""
    if "%2B" in text or "%2b" in text:
        plus_is_space = True
    elif "%20" in text or " " in text:
        plus_is_space = False
    return unquote(text.replace("+", " ") if plus_is_space else text, errors="replace")


def _without_settings(text: str) -> str:
    settings = _SETTINGS.match(text)
    return text[settings.end() :] if settings else text
