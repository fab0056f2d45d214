"""Names that are answered here, without DNS, as a hosts file would: for the samples and for tests."""

from __future__ import annotations

import socket
from collections.abc import Mapping

from aiohttp.abc import AbstractResolver, ResolveResult

from bot.web.lookups import Lookups


class PinnedNames(AbstractResolver):
    """Answers each name in `pins` with its IPv4 address and port; every other name is looked up as usual."""

    def __init__(self, pins: Mapping[str, tuple[str, int]]) -> None:
        self._pins = pins
        self._others = Lookups()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The pinned address, or what DNS says."""
        if host not in self._pins:
            return await self._others.resolve(host, port, family)
        address, pinned = self._pins[host]
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=pinned,
                family=socket.AF_INET,
                proto=socket.IPPROTO_TCP,
                flags=socket.AI_NUMERICHOST,
            )
        ]

    async def close(self) -> None:
        """Nothing is held open but what DNS look-ups hold."""
        await self._others.close()
