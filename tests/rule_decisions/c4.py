"""Decisions of C4's rules (Raffel et al. 2020, section 2.2, and its code c4_utils)."""

from __future__ import annotations

from rule_decisions.texts import DROP, KEEP, PARAGRAPHS, TEXT, Decision, ending, starting

C4 = "C4 2.2"
LEFT, SENTENCES = "c4/no-line-left", "c4/sentences"
JAVASCRIPT = (
    "JavaScript-enabled ",
    "HTML/JavaScript ",
    "javascript:",
    "JavaScript’s ",
    "JAVASCRIPT",
    "(NoJavascript) ",
)
POLICIES = (
    *("Our Privacy Policy: ", "It uses cookies. ", "Terms of use: ", "COOKIE POLICY "),
    *("We use cookies, ", "Our use of cookies "),
)
MARKS = (
    *(".", "!", "?", '"', '."', "”", ".”", "!’", "?»", ".'", "?!", "...”", ".[12]"),
    *("」", "』", ".  ", ".\r", ".\u200b", ".\u00a0"),
)
NO_MARKS = (
    *("", ",", ":", ";", ")", ".)", "’", "'", " -", "…", "...", " ...", "....", "-", "»", "“", "*"),
    ".*",
)

DECISIONS = [
    *(
        Decision(LEFT, KEEP, f"{C4}: terminal punctuation or end quotation mark", ending(mark))
        for mark in MARKS
    ),
    *(
        Decision(LEFT, DROP, f"{C4}: no terminal mark", ending(mark))
        for mark in NO_MARKS
    ),
    *(
        Decision(LEFT, DROP, f"{C4}: the word Javascript; substring in c4_utils", starting(mark))
        for mark in JAVASCRIPT
    ),
    *(
        Decision(LEFT, KEEP, f"{C4}: another word", starting(mark))
        for mark in ("Java script ", "java ", "ECMAScript ")
    ),
    *(Decision(LEFT, DROP, "c4_utils: notices", starting(mark)) for mark in POLICIES),
    *(
        Decision(LEFT, KEEP, "c4_utils: no such notice", starting(mark))
        for mark in ("Our privacy: ", "They bake cookies: ", "The policy on privacy: ")
    ),
    Decision(LEFT, DROP, f"{C4}: five words", "Only four words here.\n" * 8),
    Decision(LEFT, KEEP, f"{C4}: five words", "There are five words here.\n" * 8),
    Decision(LEFT, DROP, "c4_utils: without citations", "Only four words [1] [edit] here.\n" * 8),
    Decision(LEFT, KEEP, "c4_utils: one line is enough", f"{ending(',')}\nThere are five words here."),
    Decision(LEFT, KEEP, "lines end at any break", "no\rThere are five words here.\rno"),
    Decision(LEFT, DROP, "lines end at any break", "There are\u2028five words here."),
    Decision(LEFT, DROP, "c4_utils: 1000 characters", f"It is a {'x' * 1001} here."),
    Decision(LEFT, KEEP, "c4_utils: 1000 itself", f"It is a {'x' * 1000} here."),
    Decision(LEFT, KEEP, "made for English", "समिति की बैठक सोमवार को हुई।", "hi"),
    Decision(LEFT, DROP, "before paragraph dedup", "no", page="no\nno\nonly four words here."),
    Decision(LEFT, KEEP, "before paragraph dedup", "no", page=TEXT),
    Decision(SENTENCES, DROP, f"{C4}: 3, of lines that stay", f"{TEXT[:140]}\nOne.\nTwo.\nThree."),
    Decision(SENTENCES, KEEP, f"{C4}: 3", "\n".join(PARAGRAPHS[:3])),
    Decision(SENTENCES, DROP, f"{C4}: below 3", "\n".join(PARAGRAPHS[:2])),
    Decision(SENTENCES, KEEP, f"{C4}: 3 in a line", " ".join(PARAGRAPHS[:3])),
    Decision(SENTENCES, KEEP, f"{C4}: any marks", "What do you want?! No, it is not so! Well, it may be."),
    Decision(SENTENCES, KEEP, f"{C4}: in quotation marks", "“It is not so.” “Is it not so?” “No, it is.”"),
    Decision(SENTENCES, DROP, f"{C4}: titles and initials end none",
             "The plan of Mr. J. Smith and Dr. A. Jones was agreed."),
    Decision(SENTENCES, DROP, f"{C4}: nor do numbers and small letters",
             "It costs 3.50 e.g. in 2.0 and 4.1 or so, etc. and so on."),
    *(Decision("c4/curly-bracket", DROP, f"{C4}: any", f"{TEXT}\n{mark}") for mark in ("{", "}", "a{b")),
    *(
        Decision("c4/curly-bracket", KEEP, f"{C4}: others", f"{TEXT}\n{mark}")
        for mark in ("[", "(", "｛", "<")
    ),
    *(
        Decision("c4/lorem-ipsum", DROP, C4, f"{TEXT}\n{words}")
        for words in ("Lorem ipsum dolor.", "LOREM IPSUM", "a lorem ipsum.", "lorem ipsum,")
    ),
    *(Decision("c4/lorem-ipsum", KEEP, C4, f"{TEXT}\n{words}") for words in ("Lorem dolor.", "ipsum lorem")),
]  # fmt: skip
