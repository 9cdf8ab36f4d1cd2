"""The extractors that are compared, each as a function from a page's bytes to its text."""

from __future__ import annotations

import importlib
import importlib.metadata
from collections.abc import Callable
from functools import cache, partial
from typing import Any, NamedTuple

from extractors.pages import language

Extract = Callable[[bytes], str]

INSTALL = "pip install .[peers]"


class Extractor(NamedTuple):
    """An extractor.

    Attributes
    ----------
    packages
        What must be installed; the first has the version that is shown.
    start
        Returns the function, with no memory of pages that were read before.
    """

    packages: tuple[str, ...]
    start: Callable[[], Extract]


def _own(extractor: str) -> Extract:
    from udfs.extract.html import extract

    return lambda page: extract(page, extractor=extractor).text  # type: ignore[arg-type]


def _resiliparse() -> Extract:
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.encoding import bytes_to_str, detect_encoding

    write = partial(extract_plain_text, alt_texts=False, preserve_formatting=True, comments=False)
    return lambda page: write(
        bytes_to_str(page, detect_encoding(page) or "utf-8"), main_content=True
    )


def _trafilatura(**settings: bool) -> Extract:
    extract = importlib.import_module("trafilatura").extract
    # deduplicate remembers the paragraphs of earlier pages
    importlib.import_module("trafilatura.meta").reset_caches()
    return lambda page: extract(page, include_comments=False, **settings) or ""


def _readability() -> Extract:
    from resiliparse.extract.html2text import extract_plain_text

    document = importlib.import_module("readability").Document
    # its result is a piece of HTML, whose text is written by the same code for all pages
    return lambda page: extract_plain_text(document(page).summary(), preserve_formatting=True)


# the names that jusText has for the languages of these codes
_JUSTEXT_LANGUAGES = {
    **{"ar": "Arabic", "bg": "Bulgarian", "ca": "Catalan", "cs": "Czech", "da": "Danish"},
    **{"de": "German", "el": "Greek", "en": "English", "es": "Spanish", "eu": "Basque"},
    **{"fa": "Persian", "fi": "Finnish", "fr": "French", "gl": "Galician", "he": "Hebrew"},
    **{"hi": "Hindi", "hr": "Croatian", "hu": "Hungarian", "id": "Indonesian", "it": "Italian"},
    **{"ko": "Korean", "lt": "Lithuanian", "nb": "Norwegian_Bokmal", "nl": "Dutch"},
    **{"nn": "Norwegian_Nynorsk", "no": "Norwegian_Bokmal", "pl": "Polish", "pt": "Portuguese"},
    **{"ro": "Romanian", "ru": "Russian", "sk": "Slovak", "sl": "Slovenian", "sq": "Albanian"},
    **{"sr": "Serbian", "sv": "Swedish", "tr": "Turkish", "uk": "Ukrainian", "vi": "Vietnamese"},
}


def _justext() -> Extract:
    module = importlib.import_module("justext")
    stop_words = cache(module.get_stoplist)

    def extract(page: bytes) -> str:
        name = _JUSTEXT_LANGUAGES.get(language(page))
        paragraphs: list[Any]
        if name:
            paragraphs = module.justext(page, stop_words(name))
        else:  # as its documentation says for languages without stop words
            paragraphs = module.justext(page, frozenset(), stopwords_low=0, stopwords_high=0)
        return "\n".join(paragraph.text for paragraph in paragraphs if not paragraph.is_boilerplate)

    return extract


EXTRACTORS = {
    "main": Extractor((), partial(_own, "main")),
    "body": Extractor((), partial(_own, "body")),
    "resiliparse": Extractor(("resiliparse",), _resiliparse),
    "trafilatura": Extractor(("trafilatura",), _trafilatura),
    # src/datatrove/pipeline/extractors/trafilatura.py of huggingface/datatrove, its defaults
    "trafilatura, as datatrove calls it": Extractor(
        ("trafilatura",), partial(_trafilatura, favor_precision=True, deduplicate=True)
    ),
    "readability-lxml": Extractor(("readability-lxml", "lxml_html_clean"), _readability),
    "jusText": Extractor(("jusText", "lxml_html_clean"), _justext),
}


def version(name: str) -> str | None:
    """Return the version of an extractor's package, empty for the project's own.

    None if a package that it needs is missing.
    """
    packages = EXTRACTORS[name].packages
    try:
        versions = [importlib.metadata.version(package) for package in packages]
    except importlib.metadata.PackageNotFoundError:
        return None
    return versions[0] if versions else ""
