"""Which addresses may be dialled."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Any

from aiohttp.abc import AbstractResolver, ResolveResult

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
AddressInfo = tuple[int | socket.AddressFamily, int | socket.SocketKind, int, str, tuple[Any, ...]]

# Everything in IANA's special-purpose registries (RFC 6890 and updates) that is not an ordinary public host, and
# multicast. Written out, because the answers of `ipaddress` changed between Python 3.11, 3.12 and 3.13.
_CLOSED_4 = tuple(
    IPv4Network(each)
    for each in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24",
        "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
    )
)  # fmt: skip
# IPv6 is the other way round: only 2000::/3 is given out to hosts; from it are taken the registries' special blocks,
# 6to4 and Teredo (they carry an IPv4 address that a router would unwrap) and the documentation prefixes.
_OPEN_6 = IPv6Network("2000::/3")
_CLOSED_6 = tuple(
    IPv6Network(each)
    for each in ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3ffe::/16", "3fff::/20")
)


class AddressNotAllowedError(OSError):
    """The address is no public one, and not allowed by the operator either."""

    def __init__(self) -> None:
        super().__init__("The address is not allowed (private network)")


def networks(texts: Sequence[str]) -> tuple[Network, ...]:
    """Networks or single addresses as written; raises ValueError where one is neither."""
    return tuple(ipaddress.ip_network(text, strict=False) for text in texts)


def is_allowed(address: Address, allowed: Sequence[Network] = ()) -> bool:
    """Whether a publisher may stand at this address: an ordinary public host, or one of the operator's `allowed`.

    IPv4 in IPv6's clothes (v4-mapped, v4-compatible, NAT64, 6to4, Teredo) is refused as such, as is a zone id. The
    answer is the same on every version of Python.
    """
    if any(address.version == network.version and address in network for network in allowed):
        return True
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _CLOSED_4)
    return address.scope_id is None and address in _OPEN_6 and not any(address in network for network in _CLOSED_6)


def socket_factory(allowed: Sequence[Network] = ()) -> Callable[[AddressInfo], socket.socket]:
    """What aiohttp's connector calls with the very address that it is about to dial, whoever resolved it."""

    may_dial = _dialable(allowed)

    def make(info: AddressInfo) -> socket.socket:
        family, kind, protocol, _, where = info
        if (len(where) > 3 and where[3]) or not may_dial(str(where[0])):
            raise AddressNotAllowedError
        return socket.socket(family, kind, protocol)

    return make


class GuardedResolver(AbstractResolver):
    """Refuses a name as a whole when one of its addresses is not allowed, as names do that mean to rebind."""

    def __init__(self, resolver: AbstractResolver, allowed: Sequence[Network] = ()) -> None:
        self._resolver = resolver
        self._may_dial = _dialable(allowed)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The name's addresses. Raises AddressNotAllowedError."""
        found = await self._resolver.resolve(host, port, family)
        if not all(self._may_dial(each["host"]) for each in found):
            raise AddressNotAllowedError
        return found

    async def close(self) -> None:
        """Lets go of the resolver below."""
        await self._resolver.close()


def _dialable(allowed: Sequence[Network]) -> Callable[[str], bool]:
    """Tells whether an address as written may be dialled; what was asked lately is known without another look."""

    @lru_cache(maxsize=1_024)
    def may_dial(text: str) -> bool:
        try:
            return is_allowed(ipaddress.ip_address(text), allowed)
        except ValueError:
            return False

    return may_dial
