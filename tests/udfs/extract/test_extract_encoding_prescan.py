"""The encoding that a page declares: where browsers look for it, and what they take for a label.

The kinds are those of html5lib-tests' encoding tests (https://github.com/html5lib/html5lib-tests), all
of which hold but for the one whose label a script writes.
"""

from __future__ import annotations

import time

import pytest

from udfs.extract.encodings.labels import ENCODINGS, encoding_of
from udfs.extract.encodings.prescan import declared_encoding

HTTP_EQUIV = '<meta http-equiv="Content-Type" content="text/html; charset=koi8-r">'


@pytest.mark.parametrize(
    "page",
    [
        '<meta charset="koi8-r">',
        "<meta charset='koi8-r'>",
        "<meta charset=koi8-r>",
        "<META\nCharSet \t= \f KOI8-R >",
        '<meta/charset="koi8-r"/>',
        '<meta charset="\nkoi8-r\n">',
        '<meta a charset=koi8-r charset="utf-8">',
        "<meta <meta charset='koi8-r'>",
        # quotes that are none
        '<meta " charset=koi8-r>',
        '<meta test" charset=koi8-r>',
        '<meta test=x" charset=koi8-r>',
        HTTP_EQUIV,
        '<meta content="text/html; charset=koi8-r" http-equiv=content-type>',
        '<meta http-equiv="Content-Type" content=text/html; charset=koi8-r>',
        """<meta http-equiv="Content-Type" content="text/html; charset = 'koi8-r'">""",
        '<meta http-equiv="Content-Type" content="charset charset=koi8-r;x">',
        # other tags, and what is only like tags
        '<!DOCTYPE html><html a="<meta charset=utf-8>"><head>\n<meta charset=koi8-r>',
        '<p title="x>">\n<meta charset=koi8-r>',
        "</p x='<meta charset=utf-8>'><3 < <meta charset=koi8-r>",
        "<?php <meta charset=utf-8 ?><!x <meta charset=utf-8></<meta charset=utf-8><meta charset=koi8-r>",
        # comments
        "<!--<meta charset=utf-8>--><meta charset=koi8-r>",
        "<!--><meta charset=koi8-r>-->",
        "<!-- > -- > <meta charset=utf-8> --><meta charset=koi8-r>",
        # unknown labels, meta elements of other kinds
        "<meta charset=bogus><meta charset=koi8-r>",
        '<meta name=keywords content="charset=utf-8">' + HTTP_EQUIV,
        # the prescan takes these for tags
        "<script><meta charset=koi8-r></script>",
        "<style><meta charset=koi8-r></style>",
        "<p><meta charset=koi8-r></p>",
        # an XML declaration, which the first bytes have to be
        '<?xml version="1.0" encoding="koi8-r"?><html>',
        "<?xml encoding = 'koi8-r' ?>",
        '<?xml version="1.0" encoding="utf-8"?><meta charset=koi8-r>',
        # later than the first 1,024 bytes, where the parser finds it
        f"<!--{'x' * 8193}--><meta charset=koi8-r>",
        f"<title>{'x' * 1100}<meta charset=utf-8></title><p><meta charset=koi8-r>",
        f"{'x' * 1020}<script>document.write('<meta charset=utf-8>')</script>{HTTP_EQUIV}",
        f"<!--{'x' * 1100}--!><meta charset=koi8-r>",
    ],
)
def test_a_declaration(page: str) -> None:
    assert declared_encoding(page.encode()) == "koi8-r"


@pytest.mark.parametrize(
    "page",
    [
        "",
        "<",
        "<!",
        "<!--<meta charset=koi8-r>",
        "<metacharset=koi8-r>",
        "</meta charset=koi8-r>",
        "<meta>",
        "<meta charset>",
        "<meta charset=>",
        '<meta charset="koi8-r>\n<p>"</p>',
        '<meta charset=koi8-r">',
        '<meta test=" charset=koi8-r>\n<p>"</p>',
        """<meta test='" charset=koi8-r>\n<p>'"</p>""",
        '<p title="x>\n<meta charset=koi8-r>\n<p>"</p>',
        # the page ends within the tag
        "<meta",
        "<meta charset=koi8-r",
        '<meta charset = "',
        "<meta charset=" + " " * 300,
        '<meta http-equiv="Content-Type" content="text/html; charset=koi8-r',
        # not of a content type
        '<meta content="text/html; charset=koi8-r">',
        '<meta name="Content-Type" content="text/html; charset=koi8-r">',
        '<meta http-equiv="Content-Type " content="text/html; charset=koi8-r">',
        '<meta http-equiv="Content-Style-Type" content="text/html; charset=koi8-r">',
        '<meta name="keywords" content="charset=koi8-r">',
        """<meta http-equiv="Content-Type" content="text/html; charset='koi8-r">""",
        '<meta http-equiv="Content-Type" content="text/html; charset koi8-r">',
        # no XML declaration
        "\n<?xml version='1.0' encoding='koi8-r'?>",
        "<?xml version='1.0' encoding=koi8-r?>",
        "<?xml encoding='koi8-r",
        # text of an element, for a parser
        f"{'x' * 1020}<script><meta charset=koi8-r></script>",
        f"{'x' * 1020}<title><meta charset=koi8-r></Title>",
        f"{'x' * 1020}<textarea><meta charset=koi8-r>",
        f"{'x' * 1020}<!--<meta charset=koi8-r>-->",
    ],
)
def test_no_declaration(page: str) -> None:
    assert declared_encoding(page.encode()) is None


@pytest.mark.parametrize("label", ["utf-16", "UTF-16LE", "utf-16be", "ucs-2"])
def test_a_declaration_of_utf_16_means_utf_8(label: str) -> None:
    assert declared_encoding(f"<meta charset={label}>".encode()) == "utf-8"
    assert declared_encoding(f"<?xml version='1.0' encoding='{label}'?>".encode()) == "utf-8"


def test_a_declaration_of_x_user_defined_means_windows_1252() -> None:
    assert declared_encoding(b"<meta charset=x-user-defined>") == "cp1252"


def test_an_xml_declaration_in_utf_16() -> None:
    assert declared_encoding("<?xml version='1.0'?>".encode("utf-16-le")) == "utf-16-le"
    assert declared_encoding("<?xml version='1.0'?>".encode("utf-16-be")) == "utf-16-be"


@pytest.mark.parametrize(
    ("label", "encoding"),
    [
        (" UTF8\n", "utf-8"),
        ("latin1", "cp1252"),
        ("us-ascii", "cp1252"),
        ("iso-8859-9", "cp1254"),
        ("TIS-620", "cp874"),
        ("iso-8859-11", "cp874"),
        ("gb_2312-80", "gb18030"),
        ("ms_kanji", "cp932"),
        ("ks_c_5601-1987", "cp949"),
        ("big5-hkscs", "big5hkscs"),
        ("x-mac-ukrainian", "mac-cyrillic"),
        ("koi8-ru", "koi8-u"),
        ("logical", "iso8859-8"),
        ("hz-gb-2312", "replacement"),
        ("utf-16", "utf-16-le"),
        ("utf-7", None),
        ("utf 8", None),
        ("", None),
    ],
)
def test_labels(label: str, encoding: str | None) -> None:
    assert encoding_of(label) == encoding


def test_all_labels_of_the_standard() -> None:
    # encodings.json has 228 labels of 40 encodings, of which two pairs decode alike
    labels = [label for labels in ENCODINGS.values() for label in labels.split()]
    assert (len(ENCODINGS), len(labels), len(set(labels))) == (38, 228, 228)


@pytest.mark.parametrize(
    "page",
    [
        b"<" * (1 << 20),
        b"<p " + b"a=b " * (1 << 18),
        b"<p a='" * (1 << 17),
        b"<!--" * (1 << 18),
        b"<script>" * (1 << 17),
        b"<p" + b" " * (1 << 20),
        b"<?xml " + b"encoding " * (1 << 17),
        b"<meta http-equiv=content-type content='" + b"charset " * (1 << 17) + b"'>",
    ],
    ids=["tags", "attributes", "quotes", "comments", "scripts", "spaces", "xml", "charsets"],
)
def test_a_page_made_to_be_slow_is_given_up(page: bytes) -> None:
    begin = time.process_time()
    assert declared_encoding(page) is None
    assert time.process_time() - begin < 2  # it takes a twentieth of a second
