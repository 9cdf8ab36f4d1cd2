"""Decisions of Gopher's rules (Rae et al. 2021, section A.1.1 and table A1)."""

from __future__ import annotations

from rule_decisions.texts import (
    DROP,
    KEEP,
    PARAGRAPHS,
    TEXT,
    WORDS,
    Decision,
    ending,
    repeated,
    starting,
    words,
)

A1, T1 = "Gopher A.1.1", "Gopher table A1"
STOP = "gopher/stop-words"
SYMBOL = "gopher/symbol-to-word-ratio"
DUPLICATES = "gopher/duplicate-lines"
CHARACTERS = "gopher/duplicate-line-characters"

WORD_DECISIONS = [
    Decision("gopher/word-count", KEEP, f"{A1}: 50 itself", words(50)),
    Decision("gopher/word-count", DROP, f"{A1}: below 50", words(49)),
    Decision("gopher/word-count", DROP, f"{A1}: marks are no words", words(49) + " - , ! ..."),
    Decision("gopher/word-count", KEEP, f"{A1}: any blanks", words(50).replace(" ", "\n\u3000")),
    Decision("gopher/word-count", KEEP, f"{A1}: 100,000 itself", "word " * 100_000),
    Decision("gopher/word-count", DROP, f"{A1}: over 100,000", "word " * 100_001),
    Decision("gopher/mean-word-length", KEEP, f"{A1}: 3 itself", words(60, "a")),
    Decision("gopher/mean-word-length", DROP, f"{A1}: below 3", words(60, "a") + " a b"),
    Decision("gopher/mean-word-length", KEEP, f"{A1}: 10 itself", words(60, "abcdefgh")),
    Decision("gopher/mean-word-length", DROP, f"{A1}: over 10", words(60, "abcdefgh") + " abcdefghijkl"),
    Decision("gopher/alphabetic-words", KEEP, f"{A1}: 80 % itself", f"{words(80)} {'12 ' * 20}"),
    Decision("gopher/alphabetic-words", DROP, f"{A1}: below 80 %", f"{words(79)} {'12 ' * 21}"),
    Decision("gopher/alphabetic-words", KEEP, f"{A1}: one letter is enough", "4th 2nd 1a 'n' (b)"),
    Decision("gopher/alphabetic-words", KEEP, f"{A1}: letters of any script", "слово λόγος كلمة 言葉 שם"),
    Decision("gopher/alphabetic-words", KEEP, "blanks at the ends are no words", "\n\n a b c d 1\n\t\u00a0"),
    Decision("gopher/alphabetic-words", KEEP, "nor are marks joined to words", "a, b. c! d? (e)"),
    Decision(STOP, KEEP, f"{A1}: two of eight", "The cat sat on a mat with Bob."),
    Decision(STOP, DROP, f"{A1}: two different ones", "The cat, the mat, the cat."),
    Decision(STOP, DROP, f"{A1}: one", "The cat sat there."),
    Decision(STOP, KEEP, f"{A1}: capitals are the same words", "THE CAT WITH A HAT"),
    Decision(STOP, KEEP, f"{A1}: marks part words", "“to”—of,"),
    Decision(STOP, DROP, f"{A1}: not within words", "Together without others, haven thathave tobe"),
    Decision(STOP, KEEP, f"{A1}: at the ends", "be\nit\nof"),
    *(Decision(SYMBOL, KEEP, f"{A1}: 0.1 itself", f"{mark * 10}{WORDS}") for mark in ("# ", "... ", "… ")),
    *(Decision(SYMBOL, DROP, f"{A1}: over 0.1", f"{mark * 11}{WORDS}") for mark in ("# ", "#", "... ", "… ")),
    Decision(SYMBOL, KEEP, f"{A1}: either", f"{'# ' * 8}{'... ' * 8}{WORDS}"),
    Decision(SYMBOL, DROP, f"{A1}: both forms are ellipses", f"{'… ' * 6}{'... ' * 5}{WORDS}"),
    Decision(SYMBOL, KEEP, f"{A1}: none", WORDS),
    Decision(SYMBOL, KEEP, f"{A1}: six dots are two ellipses", f"{'...... ' * 5}{WORDS}"),
    Decision(SYMBOL, DROP, f"{A1}: six dots are two ellipses", f"{'...... ' * 6}{WORDS}"),
    Decision(SYMBOL, KEEP, "two dots are none", f"{'.. ' * 30}{WORDS}"),
    Decision(SYMBOL, DROP, "within words as well", WORDS.replace("word", "wo#rd")),
]  # fmt: skip

LINE_DECISIONS = [
    *(
        Decision("gopher/bullet-lines", DROP, f"{A1}: over 90 % bullets", starting(mark))
        for mark in (*"•-*·●▪⁃∙‣◦", "• ", "- ", "* ", "· ", "  - ", "\t•", "\u200b• ")
    ),
    *(
        Decision("gopher/bullet-lines", KEEP, "opens speech, or is no bullet", starting(mark))
        for mark in ("– ", "— ", "― ", "1. ", "+ ", "> ", "(a) ", "«", "")
    ),
    Decision("gopher/bullet-lines", KEEP, f"{A1}: 7 of 8 are not over 90 %", starting("- ", 7)),
    Decision("gopher/bullet-lines", KEEP, f"{A1}: exactly 90 %", starting("- ") + "\n- a\nb"),
    Decision("gopher/bullet-lines", DROP, f"{A1}: 19 of 20", "• a line\n" * 19 + "a line"),
    Decision("gopher/bullet-lines", DROP, "lines end at any break", starting("- ").replace("\n", "\r\n")),
    Decision("gopher/bullet-lines", DROP, "lines end at any break", starting("- ").replace("\n", "\u2028")),
    Decision("gopher/bullet-lines", DROP, "blank lines are none", starting("- ").replace("\n", "\n\n \n")),
    *(
        Decision("gopher/ellipsis-lines", DROP, f"{A1}: over 30 %", ending(mark))
        for mark in ("...", " …", "....", "……", "... ", "…\u00a0", "...\u200b", "...\r")
    ),
    *(
        Decision("gopher/ellipsis-lines", KEEP, f"{A1}: no ellipsis at the end", ending(mark))
        for mark in ("..", ". . .", "...)", "...”", "…,")
    ),
    Decision("gopher/ellipsis-lines", KEEP, f"{A1}: 3 of 10", "a...\nb...\nc...\n" + "d\n" * 7),
    Decision("gopher/ellipsis-lines", DROP, f"{A1}: 4 of 10", "a...\nb...\nc...\ne…\n" + "d\n" * 6),
    *(
        Decision(DUPLICATES, KEEP, "blank lines are no lines", between.join(PARAGRAPHS))
        for between in ("\n\n", "\n \n\t\n", "\r\n\r\n", "\n\u00a0\n", "\n\u200b\n", "\n\u3000\n\ufeff\n")
    ),
    Decision(DUPLICATES, DROP, f"{T1}: 4 of 10", repeated("Buy it now.", 5, 5)),
    Decision(DUPLICATES, KEEP, f"{T1}: 3 of 10", repeated("Buy it now.", 4, 6)),
    Decision(DUPLICATES, DROP, "blanks around it do not matter", "A line.\n  A line. \nA line.\r\n\tA line."),
    Decision(DUPLICATES, KEEP, "case matters", "A line.\nA LINE.\na line."),
    Decision(DUPLICATES, KEEP, "of one line", "A line."),
    Decision(DUPLICATES, DROP, "not only one after the other", "A line.\nB line.\n" * 5),
    Decision(DUPLICATES, DROP, "before paragraph dedup", TEXT, page=repeated("Buy it now.", 40, 8)),
    Decision(DUPLICATES, DROP, "for C4's slice as well", "Ja.\n" * 9, slice="c4"),
    Decision(CHARACTERS, DROP, T1, f"{TEXT}\n{TEXT[:300]}\n{TEXT[:300]}"),
    Decision(CHARACTERS, KEEP, T1, f"{TEXT}\nIt is so.\nIt is so."),
    Decision(CHARACTERS, KEEP, f"{T1}: 0.20 itself", "ab\nab\ncdefgh"),
    Decision(CHARACTERS, DROP, f"{T1}: over 0.20", "ab\nab\ncdefg"),
    Decision(CHARACTERS, KEEP, "blanks are no characters of lines", "ab\nab      \ncdefgh"),
    Decision(CHARACTERS, DROP, "before paragraph dedup", TEXT, page=repeated("Buy it now.", 40, 8)),
]  # fmt: skip

TOP, FIVE = "gopher/top-2grams", "gopher/duplicate-5grams"
REPETITION_DECISIONS = [
    Decision(TOP, KEEP, f"{T1}: 0.20 itself", "abcd efgh " * 2 + words(16, "xy")),
    Decision(TOP, DROP, f"{T1}: over 0.20", "abcd efgh " * 2 + words(15, "xy")),
    Decision(TOP, KEEP, f"{T1}: an n-gram that is there once is none", "international organisation is it"),
    Decision("gopher/top-3grams", KEEP, f"{T1}: 0.18", "ab cd ef " * 2 + words(14, "xy") + " abcdefgh"),
    Decision("gopher/top-3grams", DROP, f"{T1}: over 0.18", "ab cd ef " * 2 + words(13, "xy")),
    Decision("gopher/top-4grams", DROP, f"{T1}: over 0.16", "ab cd ef gh " * 2 + words(20, "xy")),
    Decision("gopher/top-4grams", KEEP, f"{T1}: 0.16 itself", "ab cd ef gh " * 2 + words(21, "xy")),
    Decision(FIVE, DROP, f"{T1}: the first counts too", "ab cd ef gh ij " * 2 + words(28, "xy")),
    Decision(FIVE, KEEP, f"{T1}: 0.15 itself", "ab cd ef gh ij " * 2 + words(27, "xy") + " abcdef"),
    Decision(FIVE, KEEP, f"{T1}: four words are no 5-gram", "ab cd ef gh " * 2 + words(30, "xy")),
    Decision(FIVE, DROP, "marks and case", "Ab, cd ef gh ij. AB cd-- ef gh; ij! " + words(25, "xy")),
    *(
        Decision(f"gopher/duplicate-{n}grams", DROP, T1, f"{words(n)} {words(n)} {words(5 * n, 'other')}")
        for n in range(6, 11)
    ),
    *(
        Decision(f"gopher/duplicate-{n}grams", KEEP, T1, f"{words(n - 1)} {words(n - 1)} {words(99, 'xy')}")
        for n in range(6, 11)
    ),
]  # fmt: skip

DECISIONS = [*WORD_DECISIONS, *LINE_DECISIONS, *REPETITION_DECISIONS]
