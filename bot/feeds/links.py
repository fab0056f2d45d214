"""Addresses as published → canonical addresses. Pure: nothing is looked up."""

from __future__ import annotations

import ipaddress
import re
from functools import lru_cache
from urllib.parse import quote, urljoin, urlsplit

MAXIMUM = 2_048

_PORTS = {"http": 80, "https": 443}
_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\xa0\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff\\\ud800-\udfff]")
_ABSOLUTE = re.compile(r"https?://[^/?#]", re.IGNORECASE)
# The usual spelling, in which nothing is left to be done: a plain name, no port that goes without saying, a plain path.
_SPELT = re.compile(
    r"https?://(?:[a-z0-9](?:[a-z0-9-]{0,48}[a-z0-9])?\.){1,4}[a-z](?:[a-z0-9-]{0,20}[a-z0-9])?"
    r"(?::(?!80/|443/)(?:[1-9][0-9]{1,3}|[1-5][0-9]{4}))?/[A-Za-z0-9/%:@!$&'()*+,;=._~-]*"
)
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"\d+|0x[0-9a-f]*")
_SAFE_IN_PATH = "/%:@!$&'()*+,;=-._~"
_SAFE_IN_QUERY = _SAFE_IN_PATH + "?[]|{}"
_TRACKING = frozenset([
    "fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "msclkid", "yclid", "twclid", "ttclid", "igshid",
    "igsh", "li_fat_id", "mc_cid", "mc_eid", "mkt_tok", "_hsenc", "_hsmi", "__hstc", "__hssc", "__hsfp",
    "hsctatracking", "oly_anon_id", "oly_enc_id", "vero_id", "vero_conv", "wickedid", "_openstat", "rb_clickid",
    "s_kwcid", "ncid", "sr_share",
])  # fmt: skip
_TRACKING_START = ("utm_", "mtm_", "pk_", "hsa_", "at_custom", "at_medium", "at_campaign")


def canonical(url: str, base: str | None = None) -> str | None:
    """The one spelling of an absolute http(s) address, at most 2,048 characters; None where it is no such address.

    Resolved against `base`, IDN as punycode, host in lower case, without default port, fragment and tracking
    parameters; all else keeps its meaning and its order. Refused: other schemes, user names and passwords, control
    characters, backslashes, hosts that are numbers in disguise. Idempotent.
    """
    return _written(url, base, keep_tracking=False)


def absolute(url: str, base: str | None = None) -> str | None:
    """As `canonical`, tracking parameters kept: the address to ask when a server itself sends us there."""
    return _written(url, base, keep_tracking=True)


def host_of(url: str) -> str:
    """The host of an address in lower case, without port; empty where there is none."""
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""


def gate_of(url: str) -> str:
    """The name under which requests to one publisher's machines queue up: its registrable domain.

    Only the registries' own suffixes divide publishers (`co.uk`, not `github.io`), so that the many hosts of one
    platform share a gate. Names under no known suffix and addresses written as numbers stand for themselves.
    """
    return gate_at(host_of(url))


@lru_cache(maxsize=4_096)
def gate_at(host: str) -> str:
    """The same for a host in lower case."""
    from tld import get_fld  # its list is only read where something is fetched

    return get_fld(f"http://{host}/", search_private=False, fail_silently=True) or host


def _written(url: str, base: str | None, *, keep_tracking: bool) -> str | None:
    if len(url) <= MAXIMUM and _SPELT.fullmatch(url):
        return url
    text = url.strip(" \t\r\n\f").replace(" ", "%20")
    if not text or len(text) > 2 * MAXIMUM or _UNSAFE.search(text):
        return None
    try:
        parts = urlsplit(text if base is None or _ABSOLUTE.match(text) else urljoin(base, text))
        host, port = _host(parts.hostname or ""), parts.port
    except ValueError:
        return None
    if parts.scheme not in _PORTS or not host or "@" in parts.netloc:
        return None
    where = host if port in (None, _PORTS[parts.scheme]) else f"{host}:{port}"
    path = "/" + quote(parts.path, safe=_SAFE_IN_PATH).removeprefix("/")
    query = quote(parts.query if keep_tracking else _meaningful(parts.query), safe=_SAFE_IN_QUERY)
    found = f"{parts.scheme}://{where}{path}{'?' + query if query else ''}"
    return found if len(found) <= MAXIMUM else None


@lru_cache(maxsize=1_024)
def _host(name: str) -> str | None:
    """A host as ASCII; an address stays one. A host that ends in a number and is no address is refused (WHATWG URL)."""
    if ":" in name:
        return f"[{ipaddress.IPv6Address(name)}]" if "%" not in name else None
    if len(name) > 253 or "%" in name:
        return None
    # UnicodeError is a ValueError, which the caller takes for "no address".
    ascii_name = name.encode("idna").decode("ascii").lower().removesuffix(".") if name else ""
    labels = ascii_name.split(".")
    if not all(_LABEL.fullmatch(label) for label in labels):
        return None
    if _NUMBER.fullmatch(labels[-1]):
        return str(ipaddress.IPv4Address(ascii_name))
    return ascii_name


def _meaningful(query: str) -> str:
    return "&".join(each for each in query.split("&") if each and not _is_tracking(each))


def _is_tracking(parameter: str) -> bool:
    name = parameter.partition("=")[0].lower()
    return name in _TRACKING or name.startswith(_TRACKING_START)
