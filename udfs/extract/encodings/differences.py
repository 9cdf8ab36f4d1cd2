"""Differences of WHATWG's double-byte indexes from Python's codecs (https://encoding.spec.whatwg.org/#indexes).

Bytes and their text. Everything else the codecs `gb18030` and `big5hkscs` decode as browsers do.
"""

from __future__ import annotations

Entries = dict[bytes, str]

_FULLWIDTH_TILDE = b"\x8f\xa2\xb7"  # of JIS X 0212 in EUC-JP
SHARED = frozenset((_FULLWIDTH_TILDE, b"\xa2\x41", b"\xa2\x42"))
"""Entries that Python's codec has a character for that it has for other sequences as well."""

OF_INVALID_BYTES = {"cp932": dict.fromkeys("\uf8f0\uf8f1\uf8f2\uf8f3", "\N{REPLACEMENT CHARACTER}")}
"""What Python's codec makes of single bytes that are invalid (A0 and FD to FF), and what they become."""

_BIG5_ROW = 157  # characters of a lead byte: 63 for trail bytes from 0x40 on, 94 from 0xA1 on
# characters of HKSCS-2008, symbols of ETEN and Windows, duplicates: the first's bytes, the text of
# these and of the following
_BIG5 = """
877A 㡵𡵓𣚞𦀡㻬𥣞㫵竼龗𤅡𨤍𣇪𠪊𣉞䌊蒄龖鐯䤰蘓墖靊鈘秐稲晠権袝瑌篅枂稬剏遆
87BE 㓦珄𥶹瓆鿇垳䤯呌䄱𣚎堘穲𧭥讏䚮𦺈䆁𥶙箮𢒼鿈𢓁𢓉𢓌鿉蔄𣖻䂴鿊䓡𪷿拁灮鿋  8E69 箸  8E6F 簆
8E7E 糎  8EAB 緒  8EB4 縝  8ECD 者  8ED0 耨  8F57 菁  8F69 蒨  8F6E 萏  8FCB 覦覩  8FFE 起
906D 都  907A 銹  90DC 靜  90F1 響  91BF 鼖  9244 蔃  92AF 兙兛兝兞  92C8 鍮  92D1 瑹  9447 浧
94CA 禛  95D9 邗  9644 靝  96ED 瀞  96FC 嬨  9B76 爁  9B78 矗  9B7B 纇  9BC6 駖  9BDE 釔
9BEC 惞  9BF6 澶  9C42 輶  9C53 侻  9C62 營  9C68 鄄  9C6B 鷰  9C77 菏  9CBC 尐秣  9CD0 婧
9D57 輋  9D5A 筑  9DC4 拐  9EA9 恢  9EEF 痹  9EFD 汊  9F60 鬮  9F66 鼗  9FCB 僭  9FD8 弌
A063 蠏  A077 拎  A0D5 瑨  A0DF 煢  A0E4 牐  A145 ‧  A14E ﹑  A1C2 ¯  A1E3 ～  A1F2 ⊕⊙
A241 ∕﹨  A244 ￥  A246 ￠￡  A3C0 ␀␁␂␃␄␅␆␇␈␉␊␋␌␍␎␏␐␑␒␓␔␕␖␗␘␙␚␛␜␝␞␟␡€  C6CF 廴  C6D3 无
C6D5 癶  C6D7 隶  C6DE 〃仝  FA5F 倩  FA66 偽  FABD 包  FAC5 卄  FAD5 卿  FB48 嘅  FBB8 婷
FBF3 幵  FBF9 廐  FC4F 彘  FC6C 悤  FCB9 撐  FCE2 晴  FCF1 杞  FDB7 沜渝  FDBB 港  FDF1 煮
FE52 猪  FE6F 瑜  FEAA 瓩  FEDD 砉
"""
# the euro; the space that pages indent with; what GB 18030-2022 took out of the private use area
_GB18030 = """
80 20AC  A3A0 3000
A6D9 FE10  A6DA FE12  A6DB FE11  A6DC FE13  A6DD FE14  A6DE FE15  A6DF FE16
A6EC FE17  A6ED FE18  A6F3 FE19  A8BC 1E3F  8135F437 E7C7
FE59 9FB4  FE61 9FB5  FE66 9FB6  FE67 9FB7  FE6D 9FB8  FE7E 9FB9  FE90 9FBA  FEA0 9FBB
"""


def decoded(code: bytes, codec: str) -> str | None:
    """Return what Python's codec decodes a byte sequence to; None if it is none of its characters."""
    try:
        return code.decode(codec)
    except UnicodeDecodeError:
        return None


def gb18030() -> Entries:
    """Return the entries of gb18030 that Python's codec lacks or has otherwise."""
    words = _GB18030.split()
    pairs = zip(words[::2], words[1::2], strict=True)
    return {bytes.fromhex(code): chr(int(point, 16)) for code, point in pairs}


def big5() -> Entries:
    """Return the entries of Big5 that Python's codec lacks or has otherwise."""
    entries = {}
    words = _BIG5.split()
    for code, text in zip(words[::2], words[1::2], strict=True):
        lead, trail = bytes.fromhex(code)
        first = lead * _BIG5_ROW + trail - (0x40 if trail < 0x80 else 0x62)
        for pointer, character in enumerate(text, first):
            lead, column = divmod(pointer, _BIG5_ROW)
            entries[bytes((lead, column + (0x40 if column < 63 else 0x62)))] = character
    return entries


def euc_jp() -> Entries:
    """Return the entries of EUC-JP that Python's codec lacks or has otherwise.

    Browsers have one index for EUC-JP, ISO-2022-JP and Shift_JIS. The codec `cp932` has it, `euc_jp`
    has JIS X 0208 without the rows 13 and 89 to 92 of NEC, and six characters of their own width.
    """
    entries = {_FULLWIDTH_TILDE: "\N{FULLWIDTH TILDE}"}
    for row in range(94):
        for cell in range(94):
            code = bytes((0xA1 + row, 0xA1 + cell))
            lead, trail = divmod(row * 94 + cell, 188)
            lead += 0x81 if lead < 0x1F else 0xC1
            trail += 0x40 if trail < 0x3F else 0x41
            text = decoded(bytes((lead, trail)), "cp932")
            if text is not None and text != decoded(code, "euc_jp"):
                entries[code] = text
    return entries
