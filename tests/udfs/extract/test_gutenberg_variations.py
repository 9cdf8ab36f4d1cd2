"""Credits, notes and markers of Project Gutenberg's files in more words than the cases of dumps have."""

from __future__ import annotations

import pytest
from gutenberg_files import BODY, END, START, whole

from udfs.extract.book import from_text

AT_THE_START = [
    "[Illustration: Cover]\n\n[Transcriber's note: Spelling is kept.]",
    "Text enclosed by underscores is in italics (_italics_), and bold by equal signs (=bold=).",
    "Transcriber's Note:\n\nItalics are _italics_.\n\nAdditional notes are at the end of the text.",
    "Editorial note: Project Gutenberg has an earlier version of this work.",
    "[Updater's note: the previously missing pages have been added.]",
    "Uwagi transkrybenta: poprawiono oczywiste błędy drukarskie.",
    "Примечание переписчика: опечатки исправлены.",
    "Noto de la transskribinto: la ortografio estas konservita.",
    "Megjegyzések: az eredeti képek elérhetők innen: https://www.archive.org/",
    "Produceret af A.\n\nTransskriberers bemærkning: åbenlyse trykfejl er rettet.",
]
AT_THE_END = [
    "Transcriber's amendments\n\np. 5: teh -> the",
    "Transcriber's Errata List\n\nPage 5: teh changed to the",
    "_Transcriber's Notes_\n\nSimple typographical errors were corrected.",
    "The following typographical errors were corrected by the etext transcriber:\n\nteh=>the {pg 5}",
    "List of typographical corrections made by the transcriber:\n\nteh -> the",
    "Corrections made to the text:\n\nPage 5: 'teh' changed to 'the'.",
    "Proofreader's note: page 5: teh -> the",
    "Liste der vorgenommenen Änderungen (Anmerkung des Bearbeiters)\n\nteh -> the",
    "Au lecteur.\n\nLes erreurs clairement introduites par le typographe ont été corrigées.",
    "Colofon\n\nBeschikbaarheid\n\nDit eBoek is voor kosteloos gebruik door iedereen overal.",
    "Lista de erros corrigidos\n\nAqui encontram-se listados todos os erros encontrados:",
]
BETWEEN_PARTS = [
    "*** END OF THE PROJECT GUTENBERG EBOOK ONE ***\n\n\n*** START OF THE PROJECT GUTENBERG EBOOK B ***",
    "End of the Project Gutenberg EBook of One\n\n*** START OF THE PROJECT GUTENBERG EBOOK B ***",
    "Produced by A. Reader for Project Gutenberg",
    "This etext is copyright 1993 by Project Gutenberg. It may be freely distributed.",
    "[This electronic edition is provided by Project Gutenberg with permission of World Library.]",
    "*** This file should be named 1ws01.txt or 1ws01.zip ***\n\nProject Gutenberg's Etext of A Play",
]
PARTS_OF_A_BOOK = [
    "Note: The captain never returned.",
    "Johannes Gutenberg printed his Bible with permission of nobody.",
    "PREFACE\n\nProduced in great haste, this book is a sketch of many nights.",
    "Au lecteur\n\nVoici un livre de bonne foi.",
    "The errors of his youth were corrected by the texture of his later life.",
]


@pytest.mark.parametrize("notes", AT_THE_START)
def test_notes_at_the_start(notes: str) -> None:
    assert from_text(whole(f"{START}\n\n\n{notes}\n\n")).text == BODY


@pytest.mark.parametrize("notes", AT_THE_END)
def test_notes_at_the_end(notes: str) -> None:
    text = whole(f"{START}\n\n\n").replace(END, f"\n\n{notes}\n\n\n{END}")
    assert from_text(text).text == BODY


@pytest.mark.parametrize("notice", BETWEEN_PARTS)
def test_notices_between_parts(notice: str) -> None:
    text = whole(f"{START}\n\n\n").replace(BODY, f"{BODY}\n\n{notice}\n\n{BODY}")
    assert from_text(text).text.split() == [*BODY.split(), *BODY.split()]


@pytest.mark.parametrize("part", PARTS_OF_A_BOOK)
def test_parts_of_a_book_stay(part: str) -> None:
    text = whole(f"{START}\n\n\n").replace(BODY, f"{part}\n\n{BODY}\n\n{part}")
    assert from_text(text).text.split() == [*part.split(), *BODY.split(), *part.split()]
