"""E-prints that lost text or kept what nobody reads, with the right text."""

from __future__ import annotations

from pathlib import Path

import pytest
from dump_cases import expected, words

from udfs.extract.latex import TexFile, extract

CASES = [
    *("a01-if0-and-false-switches", "a02-macro-in-input-path", "a04-text-behind-the-references"),
    *("a05-macros-of-the-papers-own-sty", "a06-amsrefs-bibliography-stays"),
    *("a07-paragraph-in-the-abstract", "a08-plain-tex-harvmac-amstex", "a09-percent-in-code"),
]


@pytest.mark.parametrize("case", CASES)
def test_the_text_of_an_eprint(case: str, dump_cases: Path) -> None:
    folders = sorted(path for path in (dump_cases / case).iterdir() if path.is_dir())
    texts = expected(dump_cases / case)
    assert len(folders) == len(texts) > 0
    for folder, text in zip(folders, texts, strict=True):
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        sources = [TexFile(str(path.relative_to(folder)), path.read_bytes()) for path in files]
        assert words(extract(sources).text) == words(text)
