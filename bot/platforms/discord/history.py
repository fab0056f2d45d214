"""Looking for a message of ours in a channel's history."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import aiohttp
import discord

from bot.digests.model import Channel
from bot.platforms.base import FindOutcome, Found, NotFound, Unreadable
from bot.platforms.discord.buttons import bears

LOOK_BACK = timedelta(seconds=15)
"""How far two clocks may differ when a message is looked for."""

MOST_READ = 500
"""Messages of a channel's history that are read to find one."""


async def find_message(client: discord.Client, channel: Channel, key: str, since: datetime) -> FindOutcome:
    """Our message with this key among those posted since then. A forum is never read: posting there skips what stands.

    Found, NotFound, or Unreadable; it is lasting where rights are missing or the channel is gone.
    """
    if isinstance(client.get_channel(int(channel.id)), discord.ForumChannel):
        return NotFound()
    try:
        return await _read(client, channel, key, since)
    except discord.HTTPException as refused:
        lasting = refused.status in {403, 404}
        return Unreadable(f"the channel's history cannot be read ({refused.code or refused.status})", lasting)
    except (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError) as fault:
        return Unreadable(f"the channel's history cannot be read now ({type(fault).__name__})")


def written(message: discord.Message) -> str:
    """The message's components and embeds, written out."""
    parts: Sequence[Any] = (*message.components, *message.embeds)
    return str([part.to_dict() for part in parts])


async def _read(client: discord.Client, channel: Channel, key: str, since: datetime) -> FindOutcome:
    place = client.get_partial_messageable(int(channel.id))
    read = 0
    async for message in place.history(limit=MOST_READ, after=since - LOOK_BACK, oldest_first=True):
        read += 1
        if client.user and message.author.id == client.user.id and bears(written(message), key):
            return Found(str(message.id))
    return NotFound() if read < MOST_READ else Unreadable("too much was said in the channel since then")
