"""Top-level domains that e-mail addresses end in."""

from __future__ import annotations

import functools
from importlib import resources

# reserved for examples, tests and private networks (RFC 2606, 6761, 6762 and 7686; ICANN's of 2018 and 2024),
# and those of mail before the Internet
_RESERVED = "example test invalid local localhost onion internal corp home lan bitnet uucp"
# IANA's domains of the tests of 2007, and those of examples of RFC 6531 that were never delegated
_EXAMPLES = (
    "إختبار آزمایشی 测试 測試 испытание परीक्षा δοκιμή 테스트 טעסט テスト பரிட்சை "
    "广告 廣告 пример ψομ உதாரணம்"
)
# delegated, but rather a name in code or of a file: `pbmc@meta.data`, `Main@Test.java`, `logo@2.zip`
_NAMES_IN_CODE = "call data dot java map mov save select zip"

# also names of attributes, methods and files: `w@x.to(device)`, `sheet@name.id[0]`, `icon@2x.ai`
_AMBIGUOUS = (
    "ai app as at bar box cc date dev do foo id in int is link md mt mu name new next now off open page "
    "pl prod ps py re read rs run sc sh so st tab tf to ws"
)
AMBIGUOUS = frozenset(_AMBIGUOUS.split())


@functools.cache
def names() -> frozenset[str]:
    """Return the names in lower case; those in other scripts also in their ASCII form, as IANA has it."""
    file = resources.files("udfs.pii") / "top_level_domains.txt"
    lines = file.read_text(encoding="ascii").splitlines()
    delegated = {name for line in lines if not line.startswith("#") for name in line.split()}
    unicode = {
        name[4:].encode().decode("punycode") for name in delegated if name.startswith("xn--")
    }
    return frozenset(
        (delegated | unicode | {*_RESERVED.split(), *_EXAMPLES.split()}) - {*_NAMES_IN_CODE.split()}
    )
