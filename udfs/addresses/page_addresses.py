"""The address of a page over time: what its versions in several crawls share.

It is looser than the canonical form (`udfs.addresses.urls`), by which takedowns compare: `www` and parameters
that only say how a reader came to the page are left out too.
"""

from __future__ import annotations

import re

from udfs.addresses.urls import canonical_url

# host, path and query of a canonical address of the web
_PARTS = re.compile(r"//([^/?]*)([^?]*)\??(.*)", re.DOTALL)

TRACKING = frozenset(
    name
    for names in (
        "gclid gclsrc dclid gbraid wbraid gad_source gad_campaignid _ga _gl srsltid",  # Google
        "fbclid igshid igsh fb_action_ids fb_action_types fb_source",  # Facebook, Instagram
        "msclkid cvid yclid ysclid _openstat twclid ttclid li_fat_id epik rdt_cid scid",  # others' clicks
        "mc_cid mc_eid mc_tc",  # Mailchimp
        "_hsenc _hsmi __hssc __hstc __hsfp hsctatracking",  # HubSpot
        "mkt_tok vero_id vero_conv oly_anon_id oly_enc_id ml_subscriber ml_subscriber_hash",  # mailings
        "s_cid s_kwcid ef_id adobe_mc wickedid wickedsource rb_clickid irclickid __s",  # advertisers
    )
    for name in names.split()
)
"""Names of parameters that track readers, in lower case: of click ids, newsletters and advertisers."""

TRACKING_PREFIXES = ("utm_", "mtm_", "matomo_", "piwik_", "pk_", "hsa_")
"""What the names of parameters of campaigns begin with: Urchin's, Matomo's and HubSpot's."""


def page_address(url: str) -> str:
    """Return the address of a page: the canonical form without `www` and tracking parameters.

    Other parameters stay in their order, empty ones go. An address of another scheme than HTTP's has its
    canonical form.

    >>> page_address("https://www.Example.org:443/a/../%7Eb/?utm_source=x&id=7&fbclid=1#top")
    '//example.org/~b?id=7'
    >>> page_address("http://example.org/~b?id=7")
    '//example.org/~b?id=7'
    """
    canonical = canonical_url(url)
    parts = _PARTS.fullmatch(canonical)
    if parts is None:
        return canonical
    host, path, query = parts.groups()
    while host.startswith("www.") and "." in host[4:]:
        host = host.removeprefix("www.")
    if query:
        query = "&".join(part for part in query.split("&") if part and not _is_tracking(part))
    return f"//{host}{path}{query and '?'}{query}"


def _is_tracking(parameter: str) -> bool:
    name = parameter.partition("=")[0].lower()
    return name in TRACKING or name.startswith(TRACKING_PREFIXES)
