"""Books of Aozora Bunko: the notation goes, the text stays as it is printed."""

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


def test_a_book() -> None:
    found = book.from_text(BOOK)
    assert found.text == (
        "山の話\n或る人\n山田花子訳\n\n一\n\n　一番高い山がある。\n　底本：と言った。"
    )
    assert found.header is not None
    assert found.header.title == "山の話"
    assert found.header.author == "或る人"
    assert (found.header.language, found.header.released) == ("ja", "1999-09-17")
    assert not found.header.public_domain
    assert found.bare


def test_a_book_in_the_encoding_of_the_library() -> None:
    found = book.from_bytes(BOOK.replace("\n", "\r\n").encode("cp932"))
    assert found.text == book.from_text(BOOK).text


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
    assert aozora.plain(source) == expected


@pytest.mark.parametrize("cut", ["【テキスト中に現れる記号について】", _RULE])
def test_a_file_without_a_part(cut: str) -> None:
    text = BOOK.replace(cut, "")
    assert "一番" in book.from_text(text).text
    assert aozora.is_book(text) == (cut == _RULE)


@given(st.text("あ山《》｜［＃］※〔〕a'1-2\n", max_size=60))
def test_what_has_no_notation_stays(text: str) -> None:
    assert len(aozora.plain(text)) <= len(text)
    bare = "".join(each for each in text if each not in "《》｜［＃］※〔〕")
    assert aozora.plain(bare) == bare


def test_notation_takes_linear_time() -> None:
    started = time.process_time()
    for piece in ("｜《", "｜", "《", "※［＃", "［＃［", "〔a'", "｜あ《い》", "※［＃U+4E00］"):
        aozora.plain(piece * 100_000)
    assert time.process_time() - started < 5


def test_a_real_book(shared_data: Path) -> None:
    found = book.from_bytes((shared_data / "books" / "wagahaiwa_nekodearu.txt").read_bytes())
    assert found.text.startswith(
        "吾輩は猫である\n夏目漱石\n\n一\n　吾輩は猫である。名前はまだ無い。"
    )
    assert found.text.endswith("南無阿弥陀仏南無阿弥陀仏。ありがたいありがたい。")
    assert not set("《》｜［］＃※〓〔〕") & set(found.text)
    assert found.header is not None
    assert found.header.author == "夏目漱石"
