"""What is heard from Discord's answers on the wire: limits are kept, and what cannot be repeated is not."""

from __future__ import annotations

import re
from types import SimpleNamespace

import aiohttp

from bot.platforms.hours import Hours
from bot.platforms.pace import Pace

_OWN_TOKEN = re.compile(r"/(?:webhooks|interactions)/\d+/")
_UNREPEATABLE = re.compile(r"/channels/\d+/threads$|/crosspost$")


class UnsureError(Exception):
    """Discord failed in the middle of something that must not be asked twice."""


def listener(pace: Pace, hours: Hours) -> aiohttp.TraceConfig:
    """Tells pace and hours of every answer. Ends a request that discord.py would repeat although it has no nonce.

    After 500, 502, 504 and 524 discord.py asks again up to four times. Messages are safe, because their nonce is
    enforced; a forum's post would stand there twice.
    """

    async def heard(
        session: aiohttp.ClientSession, context: SimpleNamespace, answered: aiohttp.TraceRequestEndParams
    ) -> None:
        # An answer that came too late is refused with 401 as well: its own token is used up then, and not the bot's.
        status = answered.response.status
        pace.heard(403 if status == 401 and _OWN_TOKEN.search(answered.url.path) else status)
        hours.heard(answered.response.headers.get("Date"))
        if answered.response.status >= 500 and answered.method == "POST" and _UNREPEATABLE.search(answered.url.path):
            raise UnsureError(f"Discord answered {answered.response.status}")

    config = aiohttp.TraceConfig()
    config.on_request_end.append(heard)
    return config
