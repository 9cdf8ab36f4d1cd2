"""Decisions of the rules of FineWeb (Penedo et al. 2024, section 3) and RefinedWeb (2023, appendix G.2)."""

from __future__ import annotations

from rule_decisions.texts import DROP, KEEP, PARAGRAPHS, TEXT, WORDS, Decision, ending, words

FINEWEB, REFINEDWEB = "FineWeb 3.6", "RefinedWeb G.2"
SENTENCES, MARKS, SHORT = "fineweb/sentences", "fineweb/punctuated-lines", "fineweb/short-lines"
DUPLICATES, NO_TEXT = "fineweb/duplicate-line-characters", "refinedweb/lines-of-no-text"
POEM = "The wind has gone with the day,\nand the river turns to the sea;\nno one is left to say\nwhat it is."

FINEWEB_DECISIONS = [
    Decision(SENTENCES, KEEP, "datatrove C4QualityFilter: by line", ending(",")),
    Decision(SENTENCES, DROP, "datatrove: 5", "\n".join(PARAGRAPHS[:4])),
    Decision(SENTENCES, KEEP, "datatrove: 5", "\n".join(PARAGRAPHS[:5])),
    Decision(SENTENCES, DROP, "datatrove: three words", "Two words.\n" * 9),
    Decision(SENTENCES, KEEP, "datatrove: three words", "Three words each.\n" * 5),
    Decision(SENTENCES, DROP, "datatrove: four lines", POEM),
    Decision(SENTENCES, KEEP, "datatrove: lines of a poem", f"{POEM}\n{POEM}"),
    Decision(SENTENCES, DROP, "datatrove: javascript", "Please enable JavaScript now.\n" * 9),
    Decision(SENTENCES, DROP, "datatrove: notices", "This site uses cookies now.\n" * 9),
    *(
        Decision(MARKS, KEEP, f"{FINEWEB}: terminal marks", ending(mark))
        for mark in ("”", '"', ".”", "!", "?", "...", "…\n.", "。")
    ),
    *(
        Decision(MARKS, DROP, f"{FINEWEB}: no terminal marks", ending(mark))
        for mark in ("", ",", ":", ";", ")", "-")
    ),
    Decision(MARKS, DROP, f"{FINEWEB}: <= 0.12", "no\n" * 22 + "yes.\n" * 3),
    Decision(MARKS, KEEP, f"{FINEWEB}: 4 of 25", "no\n" * 21 + "yes.\n" * 4),
    Decision(MARKS, KEEP, "blank lines are no lines", TEXT + "\n" * 99),
    Decision(MARKS, KEEP, "lines end at any break", "yes.\r\n" * 9),
    Decision(SHORT, DROP, f"{FINEWEB}: >= 0.67", "a\n" * 67 + f"{TEXT[:30]}\n" * 33),
    Decision(SHORT, KEEP, f"{FINEWEB}: 0.66", "a\n" * 66 + f"{TEXT[:30]}\n" * 34),
    Decision(SHORT, KEEP, f"{FINEWEB}: 30 are not below 30", f"{'x' * 30}\n" * 9),
    Decision(SHORT, DROP, f"{FINEWEB}: 29", f"{'x' * 29}\n" * 9),
    Decision(SHORT, DROP, "without blanks around it", f"{' ' * 9}{'x' * 29}{' ' * 9}\n" * 9),
    Decision(SHORT, KEEP, "blank lines are no lines", "\n\n\n\n".join(PARAGRAPHS)),
    Decision(DUPLICATES, DROP, f"{FINEWEB}: >= 0.1", "abc\nabc\nd"),
    Decision(DUPLICATES, DROP, f"{FINEWEB}: 0.1 itself", "a\na\nbbbbbbbb"),
    Decision(DUPLICATES, KEEP, f"{FINEWEB}: below", "a\na\nbbbbbbbbb"),
    Decision(DUPLICATES, KEEP, "blank lines are no lines", "abc\n\n\n\n\n\nd"),
    Decision(DUPLICATES, DROP, "before paragraph dedup", "abc\nd", page="abc\nabc\nd"),
    Decision("fineweb/language", DROP, "FineWeb 3: 0.65, unrounded", TEXT, probability=0.6499),
    Decision("fineweb/language", KEEP, "FineWeb 3: 0.65 itself", TEXT, probability=0.65),
    Decision("fineweb/language", DROP, "FineWeb 3: English", TEXT, "de"),
    Decision("fineweb/language", KEEP, "the set for all", TEXT, "de", sets=("fineweb:all",)),
    Decision("fineweb/language", DROP, "the set for all", TEXT, "de", sets=("fineweb:all",), probability=0.6),
    Decision("fineweb/curly-bracket", DROP, "datatrove", TEXT + "{"),
    Decision("fineweb/lorem-ipsum", DROP, "datatrove", TEXT + "\nlorem ipsum"),
]  # fmt: skip

PROSE = f"It is so that {WORDS}."  # 104 words
REFINEDWEB_DECISIONS = [
    Decision("refinedweb/language-score", DROP, "RefinedWeb 3.1: 0.65, unrounded", TEXT, probability=0.6499),
    Decision("refinedweb/language-score", KEEP, "RefinedWeb 3.1: 0.65", TEXT, probability=0.65),
    Decision("refinedweb/language-score", DROP, "for all languages", TEXT, "fr", probability=0.6),
    Decision(NO_TEXT, KEEP, f"{REFINEDWEB}: none", TEXT),
    Decision(NO_TEXT, KEEP, f"{REFINEDWEB}: 5 of 109 are below 5 %", PROSE + "\nHome" * 5),
    Decision(NO_TEXT, DROP, f"{REFINEDWEB}: over 5 %", PROSE + "\nHome" * 6),
    *(
        Decision(NO_TEXT, DROP, f"{REFINEDWEB}: {why}", PROSE + f"\n{line}" * 6)
        for line, why in (
            ("ALL IN CAPITALS", "mainly capitals"),
            ("MOST OF IT is", "mainly capitals"),
            ("2020", "digits"),
            ("12 345", "digits"),
            ("1,234.50", "digits"),
            ("10/11/2020 12:30", "digits"),
            ("3 likes", "counter"),
            ("1,204 Comments", "counter"),
            ("(12 views)", "counter"),
            ("1.2k shares", "counter"),
            ("Home »", "one word"),
            ("• Contact", "one word"),
            ("Sign in to see it", "pattern at the beginning"),
            ("sign-in", "pattern at the beginning"),
            ("The story of it. Read more...", "pattern at the end"),
            ("You have 3 items in cart now", "pattern anywhere"),
        )
    ),
    *(
        Decision(NO_TEXT, KEEP, f"{REFINEDWEB}: {why}", PROSE + f"\n{line}" * 6)
        for line, why in (
            ("Two words", "two words"),
            ("NASA and ESA meet", "few capitals"),
            ("Room 101", "no counter"),
            ("He did read more of it", "not at the end"),
            ("- - -", "no words"),
            ("***", "no words"),
            ("It is a long line of more than ten words, so read more", "not short"),
        )
    ),
    Decision(NO_TEXT, DROP, "before paragraph dedup", PROSE, page=PROSE + "\nHome" * 6),
    Decision(NO_TEXT, KEEP, "blank lines are no lines", PROSE + "\n \n\u200b\n" * 9),
    Decision(NO_TEXT, DROP, "of no line of text", "HOME\nMENU"),
    Decision(NO_TEXT, KEEP, "a word of 101 words", f"{words(100)}\nHome"),
]  # fmt: skip

DECISIONS = [*FINEWEB_DECISIONS, *REFINEDWEB_DECISIONS]
