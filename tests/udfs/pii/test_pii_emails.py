"""E-mail addresses in every script are found whole, and code that only looks like them is left alone."""

from __future__ import annotations

import re

import pytest

from udfs.pii import EMAILS, IP_ADDRESSES, replace

ADDRESSES = """
    jane@uni.example Jane.Roe@Uni.Example j+list@a.b-c.example x_1@1.example o'brien@mail.example
    root@[8.8.4.4] jane@[IPv6:2001:db8::1] jane@xn--bcher-kva.example JANE@EXAMPLE.COM 12345@qq.com
    user@163.com info@müller.de josé@example.es josé@example.es andré.martin@example.fr
    用户@例子.广告 info＠example.co.jp ｉｎｆｏ＠ｅｘａｍｐｌｅ．ｃｏ．ｊｐ 田中@例え.みんな jane﹫example.com
    коля@пример.рф квіточка@пошта.укр θσερ@εχαμπλε.ψομ अजय@डाटा.भारत ಬೆಂಬಲ@ಡೇಟಾಮೇಲ್.ಭಾರತ
    홍길동@예시.한국 محمد@مثال.إختبار Dörte@Sörensen.example.com
    თამარი@მაგალითი.გე արամ@օրինակ.հայ ሰላም@ምሳሌ.ኢት សុខ@ឧទាហរណ៍.com பயனர்@உதாரணம்.இந்தியா ගිය@උදාහරණ.ලංකා
    کاربر@مثال.ایران שלום@דוגמה.ישראל δοκιμή@παράδειγμα.ελ user＠例え。テスト。jp
    łukasz@łódź.pl weiß@straße.de
    prvs=12ab=jane@example.com list-jane=uni.example@lists.example.org
    {jane,joe.roe}@uni.example "jane.roe"@uni.example ja\u00adne@exam\u00adple.com
"""
AROUND = [
    "{}",
    "to {}.",
    "<mailto:{}>",
    "('{}'), or",
    "、{}。",
    "e-mail={}&x=1",
    "**{}**",
    "“{}”",
    "[{}](x)",
]

IN_CODE = """
    node@18.x vue@3.0.0-beta.x react@19.0.0-canary.abc react@18.2.0 pkg@1.x A@B.T c@W.T q@k.mT x=@np.array
    image@2x.png logo@3x.png icon@2x.ai eslint@8.x.io git@github.com:foo/bar.git ssh://git@host.example/x
    svn+ssh://anonymous@svn.example.com/trunk hg@host.example:x @app.route @pytest.mark.parametrize
    https://user:pass@example.com/path $user@host.example ${user}@host.example {user}_x@host.example
    %s@host.example %(user)s@host.example pbmc@meta.data$x this@MainActivity.name w@x.to(device)
    @jane@mastodon.social "chat"@en-US. repo/name@sha256:ab1 actions/checkout@v4.1 Main@Test.java
    tool@1.2.3.dev scale@1.5.x
    web@a.example:/srv/www web@a.example:~/x web@a.example::module A@h.cat() nginx@sha256:abcdef0123456789
    de_DE@euro.UTF-8 postgres://u:p@db.example:5432/x doStuff@app.js:10:3 printf@@GLIBC_2.2.5 X@beta.values
"""
NO_ADDRESSES = """
    @ a@ @b.example a@b name.@b.example a@-b.example a@.example @@@@ user@@host.example a@b. 1@2.3
    std::a@::b.c 1@2.c3 a@b.unknowntld a@b.c0m =@b.example +@b.example
"""


@pytest.mark.parametrize("address", ADDRESSES.split())
def test_an_address_is_replaced_and_nothing_around_it(address: str) -> None:
    for around in AROUND:
        redacted, emails, ip_addresses = replace(around.format(address))
        assert redacted in {around.format(email) for email in EMAILS}
        assert (emails, ip_addresses) == (1, 0)


@pytest.mark.parametrize(
    "text",
    [
        *IN_CODE.split(),
        *NO_ADDRESSES.split(),
        "a @ b.example",
        f"{'a' * 65}@b.example",
        f"a@{'b.' * 130}example",
        f"a@{'b' * 64}.example",
        *EMAILS,
        *IP_ADDRESSES,
    ],
)
def test_other_text_is_unchanged(text: str) -> None:
    assert replace(text) == (text, 0, 0)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("jane@example.com-john@example.com", "E-E"),
        ("{a@b.example, c@d.example}", "{E, E}"),
        ("x@a.de_b@c.de", "E_E"),
        ("a@b.de.c@d.fr", "E.E"),
        ("jane@uni.example.It is", "E.It is"),
        ("JANE@UNI.IT.", "E."),
        ("邮箱zhang@example.com谢谢", "邮箱E谢谢"),
        ("请发邮件到用户@例子.中国。谢谢", "请发邮件到E。谢谢"),
        ("お問い合わせはinfo＠example.co.jpまで", "お問い合わせはEまで"),
        ("이메일은info@example.com으로", "이메일은E으로"),
        ("почта:иван@почта.рф.", "почта:E."),
        ("éjane@uni.exampleé", "Eé"),
        (r"text = 'x\njane@example.com'", r"text = 'x\nE'"),
        ("_jane@example.com_", "_E_"),
        ("?q=1&to=jane@example.com&cc=joe@example.com", "?q=1&to=E&cc=E"),
        ("mailto:%20jane@example.com", "mailto:%20E"),
        ("GAB!jane@example.com", "GAB!E"),
        (r"\{jane, joe\}@uni.example", "E"),
        ("jane@example.com@ftp.example.com", "E@ftp.example.com"),
        ("jane@example.comPhone: 1", "EPhone: 1"),
        ("jane@example.com/path jane@example.com:secret", "E/path E:secret"),
    ],
)
def test_an_address_ends_where_other_text_begins(text: str, expected: str) -> None:
    redacted = re.sub("|".join(map(re.escape, EMAILS)), "E", replace(text)[0])
    assert redacted == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("jane@uni.example", "JANE@Uni.Example"),
        ("info@example.co.jp", "ｉｎｆｏ＠ｅｘａｍｐｌｅ．ｃｏ．ｊｐ"),
        ("josé@example.es", "jose\u0301@example.es"),
    ],
)
def test_spellings_of_an_address_have_one_replacement(one: str, other: str) -> None:
    assert replace(one) == replace(other)
