"""Every entry of the indexes of the Encoding Standard, by the digests that the standard publishes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable

import pytest

from udfs.extract.encodings.decoders import decode

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
# the `Identifier` of https://encoding.spec.whatwg.org/index-*.txt: the SHA-256 of the list of code points
SINGLE_BYTE = {
    "cp866": "db6fe14a559d1601a7667338d83704773d5708dbc641e1ad3c5e21405770f05e",
    "iso8859-2": "9569c67f22d0b57790e1c407c6eecf227e4562322dc296de43cdab7a0152ec73",
    "iso8859-3": "af8f1e12df79b768322b5e83613698cdc619438270a2fc359554331c805054a3",
    "iso8859-4": "72f29c92344d351fe9e74a946e7e0468d76d542c6894ff82982cb652ebe0feb7",
    "iso8859-5": "fa9b1f3f5242df43e2e7bca80e9b6997c67944f20a4af91ee06bacc4e132d9c9",
    "iso8859-6": "85bb7b5c2dc75975afebe5743935ba4ed5a09c1e9e34e9bfb2ff80293f5d8bbc",
    "iso8859-7": "f53d8aeba36314ef950eef02ffcf11dff540638ce27dfe7a86b6ccc6875afb24",
    "iso8859-8": "7657a9ca3fa875990da960d3f812eea28dcd0ae6ed55a18d5394303c86f5484b",
    "iso8859-10": "02c2b5590d8ccda9931008c471f6ee2c590b2c8fe5e6ccb3b08638115d778507",
    "iso8859-13": "40736338e964ab520407cebcb01329f8d450abf6ce12bf88b74b655b60e43300",
    "iso8859-14": "2c8651cfc08b1f35b17919ee5379f2fa006af3ec809f11b3b7f470785580542b",
    "iso8859-15": "a560aba47bccd7510a6ac77f671fe75dca3800f05cf6d676910c311a8f8ff079",
    "iso8859-16": "55676320d2d1b6e6909f5b3d741a7cf0cefc84e920aa4474afc091459111c2e3",
    "koi8-r": "c5497cd9071cb352c0e56b219154e539badf63de40b71578f09e2e11fe7d50ae",
    "koi8-u": "19a4da2c3f245118bbc8019326f45a07832949938ff903f03d62ac4da1f61f40",
    "mac-roman": "f2c6a4f6406b3e86a50a5dba4d2b7dd48e2e33c0d82aefe764535c934ec11764",
    "cp874": "b416583ce125e38474381b31b401a98b19ecf2e57e0998e78a1e18b14894905d",
    "cp1250": "0669455a7a1c70ba6003ea737991e8ee9adc455125c13cfe6705a361358de5fa",
    "cp1251": "7592ef921679ba168b00a9e9afa3b4eebd67bf13dc7e84c4b6e120de856826e0",
    "cp1252": "e56d49d9176e9a412283cf29ac9bd613f5620462f2a080a84eceaf974cfa18b7",
    "cp1253": "49fdc881a3488904dd1e8dfba9aef3258454249958b611bcded1d4c981ab5561",
    "cp1254": "e80a27adf377438be8ba5bd223875ea56d6a4d47f958cce1c957a2c446825caa",
    "cp1255": "cd7fb43c97eefa1651084d92d02af53ad668bd848528c18c3b1af5c06b499651",
    "cp1256": "161bdb381f16408e8bebcc8f5310c4190af0e359de8d9bbaa3628ce2f0875509",
    "cp1257": "cc7256bdd10a5b8dc7fb6f994659f307dfcae60def9aa6c29d811f85e2842c47",
    "cp1258": "198bacedfcf24390e219240a7b776b6cec34cff070330b08a601a69c67f7eb24",
    "mac-cyrillic": "73e8e7642c6fa9de29d42819b47fba55b58666fb1e339faeb4a89a0bd7c24d43",
}
MULTIBYTE = {
    "big5": "8dfc771062e7be0810919082c2c06baa2236147909e0ecc235b1cb9ad782ac82",
    "euc-kr": "1d97134cbf187263585bc8f593ca4196654ed4c7a673f5672eaad4f5d9fdc4ba",
    "gb18030": "ff1c9a923b5d24f9761b3a2de2c0f07b395f9f6f36519508944de4f0415be81c",
    "jis0208": "cbaa91f3deb7d0841faf5c33041fc15a285da0e87e64ab802c4bf04b7c4da861",
    "jis0212": "83bf90dd1c591a4355730d8c4567efc499d74da7490531019ef22a879991cfb7",
    "gb18030-ranges": "f963aaa1653f630c523e7b04729fb4e4458f35806c45eb5c179445623138f0c0",
}


def identifier(sequences: Iterable[bytes], encoding: str) -> str:
    texts = (decode(sequence, encoding) for sequence in sequences)
    points = [ord(text) if len(text) == 1 and text != REPLACEMENT else None for text in texts]
    return hashlib.sha256(str(points).encode()).hexdigest()


def pairs(row: int, trail: Callable[[int], int], rows: int = 126) -> list[bytes]:
    return [bytes((0x81 + n // row, trail(n % row))) for n in range(rows * row)]


@pytest.mark.parametrize("encoding", SINGLE_BYTE)
def test_each_entry_of_a_single_byte_index(encoding: str) -> None:
    upper = [bytes((byte,)) for byte in range(0x80, 0x100)]
    assert identifier(upper, encoding) == SINGLE_BYTE[encoding]
    ascii_bytes = bytes(range(0x80))
    assert decode(ascii_bytes, encoding) == ascii_bytes.decode("ascii")


def test_each_entry_of_a_double_byte_index() -> None:
    big5 = pairs(157, lambda column: column + (0x40 if column < 0x3F else 0x62))
    assert identifier(big5, "big5hkscs") == MULTIBYTE["big5"]
    assert identifier(pairs(190, lambda column: column + 0x41), "cp949") == MULTIBYTE["euc-kr"]
    gbk = pairs(190, lambda column: column + (0x40 if column < 0x3F else 0x41))
    assert identifier(gbk, "gb18030") == MULTIBYTE["gb18030"]
    jis0212 = [bytes((0x8F, 0xA1 + n // 94, 0xA1 + n % 94)) for n in range(94 * 94)]
    assert identifier(jis0212, "euc_jp") == MULTIBYTE["jis0212"]


def test_one_index_of_jis_x_0208_for_three_encodings() -> None:
    points: list[int | None] = []
    for pointer in range(11280):
        lead, trail = divmod(pointer, 188)
        code = bytes(
            (lead + (0x81 if lead < 0x1F else 0xC1), trail + (0x40 if trail < 0x3F else 0x41))
        )
        text = decode(code, "cp932")
        if 8836 <= pointer <= 10715:  # not in the index, but characters of the private use area
            assert text == chr(0xE000 - 8836 + pointer)
            text = REPLACEMENT
        points.append(None if text.startswith(REPLACEMENT) else ord(text))
        if pointer < 94 * 94:
            row, cell = divmod(pointer, 94)
            assert decode(bytes((0xA1 + row, 0xA1 + cell)), "euc_jp") == text[:1]
            assert decode(b"\x1b$B" + bytes((0x21 + row, 0x21 + cell)), "iso2022_jp") == text[:1]
    assert hashlib.sha256(str(points).encode()).hexdigest() == MULTIBYTE["jis0208"]


def four_bytes(pointer: int) -> bytes:
    rest, fourth = divmod(pointer, 10)
    rest, third = divmod(rest, 126)
    first, second = divmod(rest, 10)
    return bytes((0x81 + first, 0x30 + second, 0x81 + third, 0x30 + fourth))


def test_each_range_of_gb18030() -> None:
    points = [ord(decode(four_bytes(pointer), "gb18030")) for pointer in range(39420)]
    assert points[7457] == 0xE7C7  # the decoder's, beside the index
    points[7457] = 0x1E3F
    ranges = [
        [pointer, point]
        for pointer, (before, point) in enumerate(zip([0, *points], points, strict=False))
        if point != before + 1
    ]
    ranges.append([189000, 0x10000])
    assert hashlib.sha256(str(ranges).encode()).hexdigest() == MULTIBYTE["gb18030-ranges"]
    assert decode(four_bytes(39420), "gb18030") == REPLACEMENT
    for offset in (0, 1, 0x54321, 0xFFFFF):
        assert decode(four_bytes(189000 + offset), "gb18030") == chr(0x10000 + offset)
