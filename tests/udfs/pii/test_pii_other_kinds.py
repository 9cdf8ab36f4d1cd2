"""Telephone, account and card numbers, and keys are found by their own rules."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.pii import PII_KINDS
from udfs.pii import redact
from udfs.pii.bank_accounts import IBAN, has_check_digits
from udfs.pii.card_numbers import CARD_NUMBER, has_check_digit
from udfs.pii.phone_numbers import PHONE_NUMBER
from udfs.pii.secrets import SECRET, is_random

KEY = "q7Zp2LxV9sTf4KdB8mWc3RhY"


def redacted(kind: str, text: str, language: str | None = None) -> str:
    result = redact(text, [kind], language=language)
    assert (result.text != text) == bool(result.counts[kind])
    return result.text


@pytest.mark.parametrize(
    ("number", "language"),
    [
        *(
            (number, None)
            for number in (
                "+49 30 901820",
                "+1 (212) 664-7665",
                "+442071838750",
                "＋81 3-3264-1234",
            )
        ),
        ("030 90182000", "de"),
        ("(212) 664-7665", "en"),
        ("212-664-7665", "en"),
        ("01 42 68 53 00", "fr"),
        ("0049 30 901820", None),
    ],
)
def test_a_phone_number_is_replaced(number: str, language: str | None) -> None:
    for around in ["{}", "Tel. {}, fax", "电话：{}。", "({})"]:
        assert redacted("phone_numbers", around.format(number), language) == around.format(
            PHONE_NUMBER
        )


@pytest.mark.parametrize(
    "text", ["Tel. 030 90182000", "phone: 212-664-7665", "手机138 0013 8000", "☎ 0142685300"]
)
def test_a_word_before_a_national_number_stands_for_the_language(text: str) -> None:
    assert PHONE_NUMBER in redacted("phone_numbers", text)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "2019-05-06 1234",
            "05.06.2019 1234567",
            "1234567",
            "ISBN 978-3-16-148410-0",
            "order 20231104-00171",
        ),
        *(
            "+99 123 456 789",
            "8.8.8.8",
            "3.14159265358979",
            "$ 2126647665",
            "1 234 567,00",
            "555-0100",
            "x2126647665",
        ),
        PHONE_NUMBER,
    ],
)
def test_other_numbers_are_no_phone_numbers(text: str) -> None:
    for language in ("en", "de", "fr", None):
        assert redacted("phone_numbers", text, language) == text


@pytest.mark.parametrize(
    "number",
    [
        "DE89 3704 0044 0532 0130 00",
        "GB82WEST12345698765432",
        "FR14-2004-1010-0505-0001-3M02-606",
        "no9386011117947",
    ],
)
def test_an_iban_is_replaced(number: str) -> None:
    for around in ["{}", "IBAN: {}, BIC", "{} ABC", "账号{}。"]:
        assert redacted("ibans", around.format(number)) == around.format(IBAN)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "DE88 3704 0044 0532 0130 00",
            "DE89 3704 0044 0532 0130",
            "XX89370400440532013000",
            IBAN,
        ),
        *("DE893704004405320130001", "aDE89370400440532013000", "HTML5 1234 5678 9012"),
    ],
)
def test_other_text_is_no_iban(text: str) -> None:
    assert redacted("ibans", text) == text


@pytest.mark.parametrize(
    "number",
    [
        "4111111111111111",
        "4111 1111 1111 1111",
        "5105-1051-0510-5100",
        "3782 822463 10005",
        "6011000990139424",
    ],
)
def test_a_card_number_is_replaced(number: str) -> None:
    for around in ["{}", "card {}, 12/27", "卡号{}。", "({})"]:
        assert redacted("card_numbers", around.format(number)) == around.format(CARD_NUMBER)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "4111111111111112",
            "411111111111111",
            "41111111111111111",
            "9111 1111 1111 1110",
            CARD_NUMBER,
        ),
        *(
            "id=4111111111111111",
            "/4111111111111111",
            "1.4111111111111111",
            "4111111111111111.5",
            "x4111111111111111",
        ),
        *("36148900647913", "4111 11111111 1111"),
    ],
)
def test_other_numbers_are_no_card_numbers(text: str) -> None:
    assert redacted("card_numbers", text) == text


def test_a_word_is_enough_for_rarer_cards() -> None:
    assert redacted("card_numbers", "Diners card 36148900647913") == f"Diners card {CARD_NUMBER}"
    assert redacted("card_numbers", "card=4111111111111111") == f"card={CARD_NUMBER}"


@pytest.mark.parametrize(
    "key",
    [
        *(
            "AKIAJ3MQ5XW7ZT2LRB4C",
            "ghp_" + "a1B2" * 9,
            "github_pat_" + "a" * 22 + "_" + "b" * 59,
            "glpat-" + KEY[:20],
        ),
        *(
            "xoxb-294857103845-4839201847563-" + KEY,
            "sk_live_" + KEY,
            "AIza" + "x" * 35,
            "hf_" + "a" * 34,
        ),
        *(
            "sk-ant-api03-" + KEY * 3,
            "npm_" + "a1" * 18,
            "SG." + "a" * 22 + "." + "b" * 43,
            "5839201746:AA" + "x" * 33,
        ),
        *("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJlMTIz", "0f" * 16 + "-us12"),
    ],
)
def test_a_known_key_is_replaced(key: str) -> None:
    for around in ["{}", "KEY={}\n", '"{}",', "密钥{}。"]:
        assert redacted("secrets", around.format(key)) == around.format(SECRET)


@pytest.mark.parametrize(
    "around",
    [
        *(
            'api_key = "{}"',
            "SECRET_KEY='{}'",
            '"access_token": "{}"',
            "Authorization: Bearer {}",
            "password: {}",
        ),
        *(
            "postgres://app:{}@db.example/app",
            "hooks.slack.com/services/T0000AAAA/B0000AAAA/{}",
            "client-secret => `{}`",
        ),
    ],
)
def test_a_random_value_is_replaced_and_its_name_stays(around: str) -> None:
    text = redacted("secrets", around.format(KEY))
    assert KEY not in text
    assert text in {around.format(SECRET), "hooks.slack.com/services/<KEY>"}


def test_a_private_key_is_replaced_within_its_armour() -> None:
    body = "\n".join(["MIIEpAIBAAKCAQEA" + "x7Q2" * 12] * 20)
    armour = "-----BEGIN RSA PRIVATE KEY-----\n{}\n-----END RSA PRIVATE KEY-----\n"
    assert redacted("secrets", armour.format(body)) == armour.format(SECRET)
    public = armour.format(body).replace("PRIVATE", "PUBLIC")
    assert redacted("secrets", public) == public


@pytest.mark.parametrize(
    "text",
    [
        *(
            'password = os.environ["DB_PASSWORD"]',
            "token = get_access_token(user_id)",
            "api_key: your_api_key_goes_here_1",
        ),
        *(
            "author: Anne-Marie-Dubois-1987",
            "primary_key = 'order_items_2019_id'",
            "secret = my_module.load_secret1",
        ),
        *(
            "key: https://host.example/a1b2c3d4e5f6g7",
            "sha256:9f86d081884c7d659a2feaa0c55ad015",
            "AKIA",
            "sk-learn",
        ),
        *(
            "public_key = 'MIIBIjANBgkqhkiG9w0BAQEFAAOC'",
            "token: 2019-05-06T10:30:00",
            "x = '" + KEY + "'",
            SECRET,
        ),
        "http://host.example:8080/a@b",
    ],
)
def test_other_values_are_no_secrets(text: str) -> None:
    assert redacted("secrets", text) == text


@given(st.text("0123456789", min_size=2, max_size=20))
def test_each_number_has_one_check_digit(digits: str) -> None:
    assert sum(has_check_digit(digits + str(last)) for last in range(10)) == 1


@given(st.text("0123456789ABCXYZ", min_size=8, max_size=26))
def test_each_account_has_one_pair_of_check_digits(account: str) -> None:
    assert sum(has_check_digits(f"DE{check:02}{account}") for check in range(2, 99)) == 1


def test_words_are_not_random() -> None:
    assert is_random(KEY)
    assert not any(
        map(is_random, ["the_quick_brown_fox_1", "aaaaaaaaaaaaaaaa1111", KEY[:15], "", "1" * 40])
    )


def test_replacements_of_all_kinds_stay() -> None:
    text = f"tel {PHONE_NUMBER}, iban {IBAN}, card {CARD_NUMBER}, key = '{SECRET}'"
    assert redact(text, PII_KINDS, language="en").text == text
