"""Keys and tokens that their issuers give a form of their own."""

from __future__ import annotations

import re
from typing import NamedTuple

_HEX = "[0-9a-f]"
_WORD = "[0-9A-Za-z_-]"
_ALNUM = "[0-9A-Za-z]"


class Format(NamedTuple):
    """A form of keys.

    Attributes
    ----------
    mark
        What every text with such a key has in it: a search for it is faster than one for the pattern.
    pattern
        Its group `key` is what is secret.
    """

    mark: str
    pattern: re.Pattern[str]


def _format(mark: str, rest: str, before: str = "") -> Format:
    """Return the format of keys that have a mark, between what is before it and the rest."""
    form = rf"(?P<key>{before}{re.escape(mark)}{rest})(?![0-9A-Za-z_])"
    return Format(mark, re.compile(form if before else rf"(?<![0-9A-Za-z_]){form}"))


# from the documentation of the issuers
FORMATS = (
    _format("AKIA", "[A-Z2-7]{16}"),  # Amazon Web Services, and the next
    _format("ASIA", "[A-Z2-7]{16}"),
    *(_format(f"gh{kind}_", f"{_ALNUM}{{36,251}}") for kind in "oprsu"),  # GitHub
    _format("github_pat_", f"{_ALNUM}{{22}}_{_ALNUM}{{59}}"),
    _format("gl", f"(?:pat|dt|rt|ptt|ft|soat|cbt|imt)-{_WORD}{{20,64}}"),  # GitLab
    _format("xox", rf"[abeoprs](?:\.xox[bp])?-(?:\d+-)*{_ALNUM}{{10,146}}(?:-{_ALNUM}+)*"),  # Slack
    _format("xapp-", rf"\d-[A-Z0-9]+-\d+-{_ALNUM}{{30,}}"),
    _format("sk_live_", f"{_ALNUM}{{20,247}}"),  # Stripe
    _format("rk_live_", f"{_ALNUM}{{20,247}}"),
    _format("sk_test_", f"{_ALNUM}{{20,247}}"),
    _format("whsec_", f"{_ALNUM}{{32,}}"),
    _format("AIza", f"{_WORD}{{35}}"),  # Google
    _format("GOCSPX-", f"{_WORD}{{28}}"),
    _format("ya29.", f"{_WORD}{{20,}}"),
    _format("sk-", rf"(?=[A-Za-z-]*\d){_WORD}{{40,}}"),  # OpenAI, Anthropic, OpenRouter
    _format("gsk_", f"{_ALNUM}{{52}}"),  # Groq
    _format("hf_", f"{_ALNUM}{{34,}}"),  # Hugging Face
    _format("r8_", f"{_ALNUM}{{37}}"),  # Replicate
    _format("npm_", f"{_ALNUM}{{36}}"),
    _format("pypi-AgE", f"{_WORD}{{50,}}"),
    _format("rubygems_", f"{_HEX}{{48}}"),
    _format("dckr_pat_", f"{_WORD}{{27}}"),
    _format("do", f"[opr]_v1_{_HEX}{{64}}"),  # DigitalOcean
    _format("shp", "(?:at|ca|pa|ss)_[0-9A-Fa-f]{32}"),  # Shopify
    _format("sq0", f"(?:atp|csp|idp)-{_WORD}{{22,43}}"),  # Square
    _format("SG.", rf"{_WORD}{{22}}\.{_WORD}{{43}}"),  # SendGrid
    _format("key-", f"{_HEX}{{32}}"),  # Mailgun
    _format("-us", r"\d{1,2}", before=f"{_HEX}{{32}}"),  # Mailchimp
    _format("SK", f"{_HEX}{{32}}"),  # Twilio
    _format(":AA", f"{_WORD}{{33}}", before=r"\d{8,10}"),  # Telegram
    _format("dapi", rf"{_HEX}{{32}}(?:-\d)?"),  # Databricks
    *(_format(f"hv{kind}.", f"{_WORD}{{24,}}") for kind in "bsr"),  # Vault
    _format(".atlasv1.", f"{_WORD}{{60,}}", before=f"{_ALNUM}{{14}}"),  # Terraform Cloud
    _format("glsa_", f"{_WORD}{{32,}}"),  # Grafana
    _format("glc_", f"{_WORD}{{32,}}"),
    _format("NRAK-", "[0-9A-Z]{27}"),  # New Relic
    _format("PMAK-", f"{_HEX}{{24}}-{_HEX}{{34}}"),  # Postman
    _format("lin_", f"(?:api|oauth)_{_ALNUM}{{32,}}"),  # Linear
    _format("secret_", f"{_ALNUM}{{43,}}"),  # Notion
    _format("ntn_", f"{_ALNUM}{{43,}}"),
    _format("dp.", rf"(?:pt|st|ct)\.{_WORD}{{40,}}"),  # Doppler
    _format("pscale_", f"(?:tkn|pw|oauth)_{_WORD}{{32,}}"),  # PlanetScale
    _format("sbp_", f"{_HEX}{{40}}"),  # Supabase
    _format("figd_", f"{_WORD}{{40,}}"),  # Figma
    _format("AGE-SECRET-KEY-1", "[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}"),
    _format(
        "eyJ", rf"{_WORD}{{10,}}\.eyJ{_WORD}{{10,}}\.{_WORD}{{10,}}"
    ),  # JSON Web Token (RFC 7519)
    Format(
        "hooks.slack.com",
        re.compile(
            rf"hooks\.slack\.com/services/(?P<key>T[0-9A-Z]{{8,}}/B[0-9A-Z]{{8,}}/{_ALNUM}{{24}})"
        ),
    ),
    Format(
        "/api/webhooks/", re.compile(rf"/api/webhooks/(?P<key>\d{{17,20}}/{_WORD}{{60,}})")
    ),  # Discord
    # in PEM (RFC 7468), OpenSSH's and PGP's among them; the armour stays
    Format(
        "PRIVATE KEY",
        re.compile(
            r"-----BEGIN (?P<kind>[A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?)-----\s*"
            r"(?P<key>[^\s-][^-]{31,20000}?)\s*-----END (?P=kind)-----"
        ),
    ),
    # `postgres://user:password@host`
    Format(
        "://",
        re.compile(r"://[^\s/:@\"'<>]{0,64}:(?P<key>[^\s/@\"'<>{}$]{3,128})@(?=[\w\[])"),
    ),
)
