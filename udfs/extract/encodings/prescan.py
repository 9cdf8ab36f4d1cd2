"""The encoding that a page declares (WHATWG HTML, 13.2.3.2 "Determining the character encoding").

Browsers search the first bytes, roughly ("prescan a byte stream to determine its encoding"). A label that
they meet later, as they parse the page, counts as well ("changing the encoding while parsing").
"""

from __future__ import annotations

import re

from udfs.extract.encodings.labels import encoding_of

_PRESCANNED = 1024
# Parsers search the whole page. Labels are in its head, and little that is longer precedes them.
_PARSED = 1 << 16
_SPACE = b"\t\n\f\r "
_XML_IN_UTF_16 = {b"<\0?\0x\0": "utf-16-le", b"\0<\0?\0x": "utf-16-be"}
_XML_ENCODING = re.compile(
    rb"<\?xml[^>]*?encoding[\0- ]*=[\0- ]*(?:\"([^\">\0- ]*)\"|'([^'>\0- ]*)')[^>]*>"
)
_TAG = re.compile(rb"<(/?[A-Za-z][^%b/>]*)" % _SPACE)
_TAG_END = re.compile(rb"[%b/]*>" % _SPACE)
# a name; a value in quotes, which may lack the second one, or without
_ATTRIBUTE = re.compile(
    rb"[%(s)b/]*([^%(s)b/>][^%(s)b/>=]*)"
    rb"(?:[%(s)b]*=[%(s)b]*(?:\"([^\"]*)(\"?)|'([^']*)('?)|([^%(s)b>]*)))?" % {b"s": _SPACE}
)
_CHARSET = re.compile(
    rb"charset[%(s)b]*=[%(s)b]*(?:\"([^\"]*)\"|'([^']*)'|([^\"'%(s)b;][^%(s)b;]*))"
    % {b"s": _SPACE},
    re.IGNORECASE,
)
_RAW_TEXT_END = {
    name: re.compile(rb"</%b[%b/>]" % (name, _SPACE), re.IGNORECASE)
    for name in (b"script style title textarea xmp iframe noembed noframes").split()
}
_COMMENT_END = {False: re.compile(rb"-->"), True: re.compile(rb"--!?>")}
_FOR_DECLARED = {"utf-16-le": "utf-8", "utf-16-be": "utf-8", "x-user-defined": "cp1252"}


def declared_encoding(payload: bytes) -> str | None:
    """Return the encoding that a page says it is in; None if it says none that browsers know.

    A declaration that can be read as ASCII is not in UTF-16, whatever it says: it stands for UTF-8.
    """
    beginning = payload[:_PRESCANNED]
    return (
        _XML_IN_UTF_16.get(beginning[:6])
        or _in_meta(beginning, parsed=False)
        or _in_xml_declaration(beginning)
        or _in_meta(payload[:_PARSED], parsed=True)
    )


def _in_meta(page: bytes, *, parsed: bool) -> str | None:
    """Return the encoding of the first meta element that has one.

    The prescan takes tags in the text of a script for tags; a parser (`parsed`) does not.
    """
    position = page.find(b"<")
    while position >= 0:
        tag = _TAG.match(page, position)
        if tag:
            name = tag[1].lower()
            attributes, position = _attributes(page, tag.end())
            encoding = _of_meta(attributes) if name == b"meta" and position >= 0 else None
            if encoding:
                return encoding
            if parsed and name in _RAW_TEXT_END and position >= 0:
                end = _RAW_TEXT_END[name].search(page, position)
                position = end.start() if end else -1
        elif page.startswith(b"<!--", position):
            end = _COMMENT_END[parsed].search(page, position + 2)  # "<!-->" is a comment
            position = end.end() if end else -1
        elif page[position + 1 : position + 2] in (b"!", b"/", b"?"):
            position = page.find(b">", position)
        else:
            position += 1
        position = page.find(b"<", position) if position >= 0 else -1
    return None


def _attributes(page: bytes, position: int) -> tuple[dict[bytes, bytes], int]:
    """Return a tag's attributes and its end; -1 if the page ends within the tag."""
    attributes: dict[bytes, bytes] = {}
    match = _ATTRIBUTE.match(page, position)
    while match:
        name, double, double_end, single, single_end, bare = match.groups()
        if b"" in (double_end, single_end):
            return attributes, -1
        attributes.setdefault(name.lower(), double or single or bare or b"")
        position = match.end()
        match = _ATTRIBUTE.match(page, position)
    end = _TAG_END.match(page, position)
    return attributes, end.end() if end else -1


def _of_meta(attributes: dict[bytes, bytes]) -> str | None:
    encoding = _encoding(attributes.get(b"charset"))
    if encoding is None and attributes.get(b"http-equiv", b"").lower() == b"content-type":
        charset = _CHARSET.search(attributes.get(b"content", b""))
        encoding = _encoding(charset[charset.lastindex or 0]) if charset else None
    return encoding


def _in_xml_declaration(page: bytes) -> str | None:
    declaration = _XML_ENCODING.match(page)
    return _encoding(declaration[declaration.lastindex or 0]) if declaration else None


def _encoding(label: bytes | None) -> str | None:
    encoding = encoding_of(label.decode("latin-1")) if label else None
    return _FOR_DECLARED.get(encoding, encoding) if encoding else None
