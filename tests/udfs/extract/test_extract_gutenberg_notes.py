"""Credits, notes and notices of Project Gutenberg's files, in the languages of its books."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from dump_cases import expected, words
from gutenberg_files import BODY, END, START, whole

from udfs.extract.book import from_bytes, from_text
from udfs.extract.gutenberg_notices import without_notices

CASES = [
    "b01-note-on-an-html-version",
    "b03-notes-of-the-transcriber-at-the-end",
    "b04-notice-within-the-book",
]


@pytest.mark.parametrize("case", CASES)
def test_a_book_without_notes(case: str, dump_cases: Path) -> None:
    files = sorted((dump_cases / case).glob("input*.txt"))
    texts = expected(dump_cases / case)
    assert len(files) == len(texts) > 0
    for file, text in zip(files, texts, strict=True):
        assert words(from_bytes(file.read_bytes()).text) == words(text)


@pytest.mark.parametrize(
    "notes",
    [
        "E-text prepared by A, B,\nand the Proofreading Team\n\n\n"
        "Note: Project Gutenberg also has an HTML version.\n      See 123-h.htm",
        "Note: Images of the original pages are available through\nInternet Archive: archive.org/details/x",
        "Produced by A\n\n\nNOTE: The plain ASCII version lacks accents: see 123-8.txt",
        "Produit par Jean Lecteur\n\n\nNotes du transcripteur:\n\nL'orthographe est celle de l'original.",
        "Ce livre électronique a été préparé par Jean Lecteur",
        "Erstellt von A. Leser\n\nAnmerkungen zur Transkription:\n\nDruckfehler wurden korrigiert.",
        "Dieses E-Book wurde von A. Leser erstellt.",
        "Producido por A. Lector\n\nNotas del Transcriptor:\n\nSe ha respetado la ortografía.",
        "Prodotto da A. Lettore\n\nNota del Trascrittore:\n\nErrori tipografici corretti.",
        "Produzido por A. Leitor\n\nNota do transcritor: manteve-se a ortografia.",
        "Geproduceerd door A. Lezer\n\nOpmerkingen van de bewerker:\n\nSpelfouten zijn hersteld.",
        "Tuottaneet A. Lukija ja B. Lukija",
        "E-kirjan on tuottanut A. Lukija",
        "Framställd av A. Läsare",
        "[This e-text includes characters that need UTF-8.\n\nIf they do not display, see 123-8.txt.]",
        "[Transcriber's Note: Footnotes [1] and [2] were moved.]\n\n[Note: a version in Latin-1 exists.]",
        "  +------------------+\n  | Transcriber Note |\n  | Spelling is kept |\n  +------------------+",
        "Transcriber's Notes:\n\nSpelling is kept.\n\nItalics are between _underscores_.",
        "Images generously made available by the Internet Archive",
    ],
)  # fmt: skip
def test_notes_behind_the_header(notes: str) -> None:
    assert from_text(whole(f"{START}\n\n\n{notes}\n\n")).text == BODY


@pytest.mark.parametrize(
    "begin",
    [
        "Note: the lamp was lit.",
        "Notes of a lamplighter, by himself",
        "[A room. A lamp.]",
        "Fine weather, and a lamp.",
        "Produced, the lamp was lit.",
        "Nota: il lume era acceso.",
        "Au lecteur",
    ],
)
def test_what_begins_like_a_note_and_is_the_book(begin: str) -> None:
    assert from_text(whole(f"{START}\n\n\n{begin}")).text == f"{begin}\n\n\n{BODY}"


NOTES_AT_THE_END = [
    "Transcriber's Notes:\n\n1. Spelling was corrected on page 5: teh -> the",
    "TRANSCRIBER\u2019S NOTE\n\nPage 5: teh changed to the.\n\nPage 6: hte changed to the.",
    "[Transcriber's Note: page 5: teh corrected.]",
    "* * * * *\n\nTranscriber's note:\n\nObvious errors were corrected.",
    "+------------------+\n| Transcriber Note |\n| teh -> the       |\n+------------------+",
    "Notes du transcripteur:\n\nPage 5: coquille corrigée.",
    "Anmerkungen zur Transkription\n\nSeite 5: Druckfehler korrigiert.",
    "Notas del Transcriptor:\n\nErrata corregidas.",
    "Note del Trascrittore\n\nRefusi corretti.",
    "Aantekeningen van de transcribent\n\nSpelfouten.",
]


@pytest.mark.parametrize("marker", [END, ""])
@pytest.mark.parametrize("notes", NOTES_AT_THE_END)
def test_notes_at_the_end(notes: str, marker: str) -> None:
    assert from_text(whole(end=f"{notes}\n\n\n{END}")).text.split() == BODY.split()
    # as in PG19, whose books have no header and no footer
    assert from_text(f"{BODY}\n\n\n{notes}\n").text == BODY.strip()


@pytest.mark.parametrize(
    "text",
    [
        "[Transcriber's Note: a picture.]\n\nThe lamp went out.",
        "Transcriber's Note:\n\nA picture.\n\nCHAPTER II\n\nThe lamp went out.",
        "TRANSCRIBER'S NOTE\n\nMoved.\n\nFOOTNOTES:\n\n[1] A lamp.",
        "He read: Transcriber's notes on lamps.",
    ],
)
def test_notes_that_the_book_follows_stay(text: str) -> None:
    body = f"{BODY}\n\n{text}"
    assert from_text(whole(end=f"{text}\n\n\n{END}")).text.split() == body.split()


@pytest.mark.parametrize(
    "end",
    [
        "Fin du Projet Gutenberg EBook de La Lampe",
        "Fin de l'Etext du Projet Gutenberg",
        "Ende dieses Projekt Gutenberg Etextes Die Lampe",
        "Fin de este libro electrónico de Proyecto Gutenberg",
        "Fine dell'etext Project Gutenberg di La lampada",
        "Fim do Projeto Gutenberg: A Lâmpada",
        "Einde van dit Project Gutenberg boek",
        "Loppu: Project Gutenbergin Lamppu",
        "*** FIN DU PROJET GUTENBERG EBOOK LA LAMPE ***",
    ],
)
def test_end_lines_in_other_languages(end: str) -> None:
    assert from_text(whole(end=end)).text == BODY


NOTICE = (
    "<<THIS ELECTRONIC VERSION OF THE COMPLETE WORKS IS COPYRIGHT 1990\n"
    "BY A LIBRARY, AND IS PROVIDED BY PROJECT GUTENBERG ETEXT\n\nWITH PERMISSION.>>"
)


@pytest.mark.parametrize(
    "notice",
    [
        NOTICE,
        NOTICE.lower().replace("gutenberg", "Gutenberg"),
        "THIS ETEXT OF PROJECT GUTENBERG MAY BE COPIED WITH PERMISSION\nOF THE LIBRARY.",
        "This eBook is for the use of anyone anywhere, with the\nProject Gutenberg License.",
        "This etext was prepared by A. Reader for Project Gutenberg.",
    ],
)
def test_notices_between_parts_go(notice: str) -> None:
    text = without_notices(f"Part one.\n\n{notice}\n\nPart two.\n\n{notice}\n\nPart three.")
    assert text.split() == ["Part", "one.", "Part", "two.", "Part", "three."]


@pytest.mark.parametrize(
    "text",
    [
        "Gutenberg printed without a license, as Project Gutenberg does.",
        "JOHANNES GUTENBERG, PRINTER",
        "<<He spoke of Gutenberg and his press.>>",
        "<<not closed Project Gutenberg copyright",
    ],
)
def test_what_names_gutenberg_and_is_the_book_stays(text: str) -> None:
    assert without_notices(f"One.\n\n{text}\n\nTwo.") == f"One.\n\n{text}\n\nTwo."


@pytest.mark.parametrize(
    "part",
    [
        "<<GUTENBERG ",
        "Gutenberg\n\n",
        "[",
        "[Transcriber's Note: ",
        "Transcriber's Note\n\n",
        "| \n",
    ],
)
def test_time_is_linear(part: str) -> None:
    text = whole(f"{START}\n\n{part * 50}", part * (400_000 // len(part)))
    before = time.process_time()
    from_text(text)
    assert time.process_time() - before < 4
