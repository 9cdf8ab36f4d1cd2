"""Notes that makers of Project Gutenberg's files added to a book, in the languages of its books.

They follow the header (credits, notes on other formats and on encodings, transcriber's notes) and
at the end (transcriber's notes).
"""

from __future__ import annotations

import re

NEAR_ENDS = 40_000
"""Maximum distance of a marker from the start or end of a file, in characters.

It is twice the length of the longest headers and footers.
"""

# the first line of a paragraph that names the makers of the file
_CREDITS = (
    r"(?:Produced|Prepared|Scanned|Transcribed|Digiti[sz]ed|Proofread|Typed)\b"
    r"[^\n]{0,80}?\b(?:by|from|for)\b",
    r"Credits?[ ]?:",
    r"(?:This |The )?(?:Project Gutenberg )?(?:e-?text|e-?book|text file|file|HTML) (?:version |edition )?"
    r"(?:was )?(?:first )?(?:produced|prepared|scanned|transcribed|created|typed|converted|by)\b",
    r"(?:Images? generously made available|(?:With |Many |Special )?thanks to [^\n]{0,200}(?:Internet Archive"
    r"|proofread|volunteer|scan|for providing|Gutenberg)|Updated (?:editions|by|:))",
    # French, German
    r"(?:Produite?|Préparée?|Numérisée?|Transcrite?) par\b|(?:Ce|Cette) (?:livre|fichier|texte|version)"
    r" (?:électronique |numérique )?(?:a été |est )?(?:préparée?|produite?|réalisée?|numérisée?)",
    r"(?:Erstellt|Produziert|Hergestellt|Transkribiert|Digitalisiert|Bearbeitet) (?:von|durch)\b",
    r"Diese[rs]? (?:E-?Book|E-?Text|Etext|Datei|Text|Buch)[^\n]{0,60}"
    r"(?:wurde|erstellt|produziert|hergestellt)",
    # Spanish, Portuguese, Italian
    r"(?:Producid|Preparad|Digitalizad|Transcrit|Elaborad|Produzid)[oa] por\b",
    r"Este? (?:libro|livro|texto|e-?book|e-?text|archivo)[^\n]{0,40}(?:fue|ha sido|foi)"
    r" (?:producido|preparado|produzido)",
    r"(?:Prodott|Preparat|Realizzat|Digitalizzat|Trascritt|Redatt)[oa] (?:da|a cura)\b",
    r"(?:Quest[oa] )?(?:e-?book|e-?text|libro|testo|file)[^\n]{0,30}(?:è stat[oa] )?"
    r"(?:prodott|preparat|realizzat)[oa]",
    # Dutch, Finnish, Swedish, Danish, Norwegian
    r"(?:Geproduceerd|Vervaardigd|Gemaakt|Voorbereid|Getranscribeerd|Gedigitaliseerd) door\b",
    r"Dit (?:e-?boek|e-?book|bestand|boek) (?:is|werd|wordt)[^\n]{0,40}(?:gemaakt|geproduceerd|vervaardigd)",
    r"(?:Tuottan(?:ut|eet)|Tuotti|Tuottivat|Valmistanut|Skannan\w+|Oikoluken\w+)\b",
    r"(?:Tämän )?(?:e-?kirjan|sähkökirjan|e-?tekstin)[^\n]{0,60}(?:tuott|valmist|skann|luonut|tehnyt|oikolu)",
    r"(?:Framställd|Producerad|Produceret|Produsert|Skannad) (?:av|af)\b",
)
_CREDIT = re.compile(rf"\W{{0,3}}(?:{'|'.join(_CREDITS)})", re.IGNORECASE)
_NOTES = (
    r"(?:Transcriber|Proofreader|Redactor|Updater)['\u2019]?s?['\u2019]?[ ]"
    r"(?:notes?|amendments?|errata|corrections?|comments?|changes)|Transcription notes?",
    r"Notes? (?:by|of|from) (?:the )?transcriber",
    r"Notes? (?:du |de |de la |sur la |des )?transcri\w+|Notes? au lecteur de ce fichier",
    r"Anmerkung(?:en)? (?:zur|des|der) (?:Transkri\w+|Bearbeit\w+|Korrekt\w+)|Hinweise? zur Transkri\w+",
    r"Not[ae]s? (?:del?|della|dei|do|da|di|de la) tran?scri\w+",
    r"(?:Opmerking(?:en)?|Aantekening(?:en)?|Noot|Noten) van de (?:bewerkers?|transcri\w+)",
    r"Transs?kri\w+ (?:huomautu\w+|anmärkning\w*|anmerkning\w*|bemærkning\w*)",
    r"Huomautu(?:ksia|s) (?:tekstistä|transkri\w+)",
    r"Uwag[ai] (?:od )?transkry\w+|Примечани[ея] (?:переписчика|транскри\w+)|Notoj? de la transskrib\w+",
)
_NOTE_NAME = "|".join(_NOTES)
_NOTE = re.compile(rf"\W{{0,200}}(?:{_NOTE_NAME})\b", re.IGNORECASE)
# a note on the library's other files of the book
_OTHER_FORMATS = re.compile(
    r"(?:by )?Project Gutenberg (?:also )?(?:has|in)|\b\d{2,6}-(?:h|8|0|t|pdf)\b|\.zip\b|-h\.htm"
    r"|gutenberg\.(?:org|net)"
    r"|archive\.org|images of the original|HTML version"
    r"|(?:UTF-?8|Latin-?1|ASCII|unicode) (?:version|file|text)"
    r"|illustrations?[^.]{0,60}(?:viewed|found|seen|included) (?:at|in|on)",
    re.IGNORECASE,
)
_NOTE_WORD = re.compile(
    r"\W{0,3}(?:(?:Please|Editor(?:ial|['\u2019]s)|Gutenberg editor['\u2019]s) )?"
    r"(?:Notes?|Megjegyzés(?:ek)?|N\.B\.|Nota|Remarque|Hinweis|Anmerkung|Opmerking|Huom(?:autus)?|Obs)"
    r"\b[^\w\n]",
    re.IGNORECASE,
)
# what notes of transcribers are about
_ABOUT_TEXT = re.compile(
    r"transcri|transkri|trascri|typogra|tippfehler|punctuation|hyphenat|misprint"
    r"|printer['\u2019]?s['\u2019]? error"
    r"|spelling|orthogra|ortogra|italic|underscore|UTF-?8|Latin-?1|unicode|ASCII|encod|footnote|e-?text|e-?book"
    r"|diacrit|macron|bold ?face|small cap|obvious|gutenberg|\bHTML\b|proofread|rechtschreib|druckfehler"
    r"|gesperrt|kursiv|antiqua|fraktur|coquille|ponctuation|corrig|cursiv|erratas?\b|refuso|cursief|gespatieerd"
    r"|spelfout|painovirhe|oikais|lihavoi|trykfejl|опечат|drukarsk|notes? (?:are|is) at the end"
    r"|(?:updater|redactor|proofreader)['\u2019]?s note",
    re.IGNORECASE,
)
_MARKS = re.compile(
    r"\W{0,3}(?:Text|Words|Italics?|Bold)[^\n]{0,40} (?:enclosed|surrounded|between|marked|delimited|by)\b",
    re.IGNORECASE,
)
_ILLUSTRATION = re.compile(r"[ \t]*\[Illustration[^\[\]\n]{0,100}\]")
_BRACKET = re.compile(r"[ \t]*\[")
_MAX_BRACKET = 6000  # characters
_TEXT_BEHIND = re.compile(r":[^\w\n]*\w")
_MAX_HEADING = 60  # characters of a note's first paragraph that is only a heading
# of a longer paragraph only the first line is a credit, the rest is the book
_MAX_CREDIT_LINES = 10
_MAX_PARAGRAPHS = 12
_MAX_CONTINUED = 20  # lines of a further paragraph of a note

# further headings at the end of a book
_CORRECTIONS = (
    r"(?:The following )?(?:list of )?(?:typographical )?(?:errors|corrections|changes)[^\n]{0,40} "
    r"(?:by|made to) the (?:e-?text|transcriber|text)|Liste der (?:vorgenommenen )?(?:Änderungen|Korrekturen)"
    r"|List[ae] (?:de|degli|des) (?:err[oe]\w+ corr\w+|correcciones)"
    r"|Colofon(?=\s{1,9}Beschikbaarheid)|Au lecteur\.?(?=\s{1,9}[^\n]{0,80}(?:typograph|orthographe))"
)
_END_NOTE = re.compile(
    rf"^[ \t|*+=_\-\[(]{{0,20}}(?:{_NOTE_NAME}|{_CORRECTIONS})(?![^\W_])[^\n]*",
    re.IGNORECASE | re.MULTILINE,
)
# one of these is in every heading of a note
_SIGNS = (
    "transcri",
    "transkri",
    "trascri",
    "lecteur de ce",
    "bearbeit",
    "korrekt",
    "bewerker",
    "tekstist",
    "transkryb",
    "переписчик",
    "proofreader",
    "correct",
    "corrig",
    "änderungen",
    "colofon",
    "au lecteur",
)
_PART_OF_BOOK = re.compile(
    r"^\W{0,9}(?:(?:CHAPTER|CHAPITRE|KAPITEL|CAPITOLO|CAP[IÍ]TULO|HOOFDSTUK|LUKU|BOOK|PART|ACT|SCENE|VOLUME)"
    r" [IVXLC\d]+|FOOTNOTES?|INDEX|APPENDIX|THE END|FINIS|FIN|ENDE|FINE)\b[^\n]{0,40}$",
    re.MULTILINE,
)
# the length of notes at the end: characters, or a share of the book
_MIN_END, _MAX_END, _END_SHARE = 6000, 20_000, 0.05


def notes_end(text: str, start: int) -> int:
    """Return the end of the credits and notes that follow a header, which ends at `start`."""
    has_note = False
    for _ in range(_MAX_PARAGRAPHS):
        begin, lines = _paragraph(text, start)
        if not lines:
            return start
        bracket = _bracket_end(text, begin)
        if not bracket and (illustration := _ILLUSTRATION.fullmatch(lines[0])):
            following, _ = _paragraph(text, begin + illustration.end())
            bracket = _bracket_end(text, following)
        if bracket:
            has_note = has_note or bool(_NOTE.match(text, begin))
            start = bracket
            continue
        paragraph = "\n".join(lines)
        note = not has_note and _NOTE.match(paragraph)
        if note:
            has_note = True
            if (
                len(lines) == 1
                and len(lines[0]) <= _MAX_HEADING
                and not _TEXT_BEHIND.search(lines[0])
            ):
                begin, lines = _paragraph(text, begin + len(lines[0]))
        elif _CREDIT.match(lines[0]):
            lines = lines if len(lines) <= _MAX_CREDIT_LINES else lines[:1]
        elif not _continues(paragraph, len(lines), has_note):
            return start
        start = begin + sum(map(len, lines)) + max(0, len(lines) - 1)
    return start


def _continues(paragraph: str, lines: int, has_note: bool) -> bool:
    """Return whether a paragraph is a note on other formats, or goes on with a transcriber's note."""
    if _NOTE_WORD.match(paragraph) and _OTHER_FORMATS.search(paragraph):
        return True
    if _MARKS.match(paragraph) and _ABOUT_TEXT.search(paragraph):
        return True
    return has_note and lines <= _MAX_CONTINUED and _ABOUT_TEXT.search(paragraph) is not None


def notes_start(text: str, start: int, end: int) -> int:
    """Return where transcriber's notes at the end of a book begin; `end` without any.

    They have a heading and are a twentieth of the book at most, and no part of the book follows.
    """
    longest = min(_MAX_END, max(_MIN_END, int(_END_SHARE * (end - start))))
    first = max(start, end - longest)
    tail = text[first:end].lower()
    if not any(sign in tail for sign in _SIGNS):
        return end
    for heading in _END_NOTE.finditer(text, first, end):
        begin = heading.start()
        above = text[max(start, begin - 500) : begin]
        rows = above.split("\n")[:-1]
        position = begin
        while rows and not _has_words(rows[-1]):
            row = rows.pop()
            position -= len(row) + 1
            if row.strip():  # the upper edge of a box, or a rule
                begin = position
        if position == heading.start():
            continue  # it goes on with the line above
        if heading[0].lstrip(" \t|*").startswith("["):
            bracket = _bracket_end(text, text.index("[", heading.start()))
            if not bracket or any(map(str.isalnum, text[bracket:end])):
                continue
        if not _PART_OF_BOOK.search(text, heading.end(), end):
            return max(begin, start)
    return end


def _has_words(line: str) -> bool:
    return any(map(str.isalnum, line))


def _bracket_end(text: str, begin: int) -> int:
    """Return the end of a note in brackets that begins a paragraph; 0 if there is none."""
    if not _BRACKET.match(text, begin):
        return 0
    depth = 0
    for mark in re.compile(r"[\[\]]").finditer(text, begin, begin + _MAX_BRACKET):
        depth += 1 if mark[0] == "[" else -1
        if not depth:
            return mark.end() if _ABOUT_TEXT.search(text, begin, mark.end()) else 0
    return 0


def _paragraph(text: str, start: int) -> tuple[int, list[str]]:
    """Return the start and the lines of the next paragraph, up to a blank line."""
    near = text[start : start + NEAR_ENDS]
    begin = start + len(near) - len(near.lstrip())
    begin = text.rfind("\n", start, begin) + 1 or begin
    lines = []
    position = begin
    while position < min(len(text), begin + NEAR_ENDS):
        end = text.find("\n", position)
        end = len(text) if end < 0 else end
        line = text[position:end]
        if not line.strip():
            break
        lines.append(line)
        position = end + 1
    return begin, lines
