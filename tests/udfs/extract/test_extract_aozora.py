"""Books of Aozora Bunko: the notation is removed, the printed text is kept."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from udfs.extract import aozora, book

_RULE = "-" * 55
BOOK = f"""山《やま》の話
或る人
山田花子訳

{_RULE}
【テキスト中に現れる記号について】

《》：ルビ
（例）山《やま》
［＃］：入力者注
{_RULE}

［＃８字下げ］一［＃「一」は中見出し］

　一番｜高《たか》い山《やま》がある。
［＃改ページ］
　底本：と言った。

底本：「山」本屋
　　　1950（昭和25）年
入力：誰か
1999年9月17日公開
2015年2月3日修正
青空文庫作成ファイル：
"""


def test_a_book_and_its_metadata() -> None:
    extracted = book.from_text(BOOK)
    assert extracted.text == (
        "山の話\n或る人\n山田花子訳\n\n一\n\n　一番高い山がある。\n　底本：と言った。"
    )
    assert extracted.header is not None
    assert extracted.header.title == "山の話"
    assert extracted.header.author == "或る人"
    assert (extracted.header.language, extracted.header.released) == ("ja", "1999-09-17")
    assert not extracted.header.public_domain
    assert extracted.stripped


def test_a_book_in_shift_jis() -> None:
    extracted = book.from_bytes(BOOK.replace("\n", "\r\n").encode("cp932"))
    assert extracted.text == book.from_text(BOOK).text


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("東京《とうきょう》の｜夜《よる》", "東京の夜"),
        ("《引用》のまま", "《引用》のまま"),
        ("※［＃「言＋墟のつくり」、第4水準2-88-74］言《げん》", "譃言"),
        ("※［＃「木＋厥」、第3水準1-86-15］", "橛"),
        ("※［＃「口＋世」、U+546D、10-2］", "呭"),
        ("※［＃始め二重山括弧、1-1-52］名※［＃終わり二重山括弧、1-1-53］", "《名》"),
        ("※［＃「魚＋何か」、12-3］", "〓"),
        ("※［＃「何か」、U+D800］※［＃「何か」、1-0-99］", "〓〓"),
        ("方寸［＃「方寸」に傍点］を", "方寸を"),
        ("字［＃「※［＃「口＋世」、U+546D］」に傍点］を", "字を"),
        ("a\n［＃地から１字上げ］\nb\n\nc", "a\nb\n\nc"),
        ("〔fiance' ae& c,a garc,on A& xx'〕", "fiancé æ ça garçon Å xx'"),
        ("〔注〕と〔〕", "〔注〕と〔〕"),
        ("｜だけ", "｜だけ"),
        ("［＃閉じない", "［＃閉じない"),
    ],
)
def test_notation(source: str, expected: str) -> None:
    assert aozora.strip_notation(source) == expected


@pytest.mark.parametrize("missing", ["【テキスト中に現れる記号について】", _RULE])
def test_a_file_without_legend_or_rules(missing: str) -> None:
    text = BOOK.replace(missing, "")
    assert "一番" in book.from_text(text).text
    assert aozora.is_book(text) == (missing == _RULE)


@given(st.text("あ山《》｜［＃］※〔〕a'1-2\n", max_size=60))
def test_text_without_notation_is_unchanged(text: str) -> None:
    assert len(aozora.strip_notation(text)) <= len(text)
    plain = "".join(character for character in text if character not in "《》｜［＃］※〔〕")
    assert aozora.strip_notation(plain) == plain


def test_notation_takes_linear_time() -> None:
    started = time.process_time()
    for piece in ("｜《", "｜", "《", "※［＃", "［＃［", "〔a'", "｜あ《い》", "※［＃U+4E00］"):
        aozora.strip_notation(piece * 100_000)
    assert time.process_time() - started < 5


def test_a_real_book(shared_data: Path) -> None:
    extracted = book.from_bytes((shared_data / "books" / "wagahaiwa_nekodearu.txt").read_bytes())
    assert extracted.text.startswith(
        "吾輩は猫である\n夏目漱石\n\n一\n　吾輩は猫である。名前はまだ無い。"
    )
    assert extracted.text.endswith("南無阿弥陀仏南無阿弥陀仏。ありがたいありがたい。")
    assert not set("《》｜［］＃※〓〔〕") & set(extracted.text)
    assert extracted.header is not None
    assert extracted.header.author == "夏目漱石"
