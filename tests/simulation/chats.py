"""Chat servers that outlive the machine, and the clients that speak to them: one like Discord, one like Slack."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise

from bot.digests.message import Card, Message
from bot.digests.model import Channel
from bot.platforms.base import (
    FindOutcome,
    Found,
    NotFound,
    Posted,
    PostFailed,
    PostOutcome,
    Remedy,
    Unclear,
    Unreadable,
)
from bot.platforms.discord.parts import split as discord_split
from bot.platforms.discord.render import Audience
from bot.platforms.discord.render import render as discord_render
from bot.platforms.slack.parts import split as slack_split
from bot.platforms.slack.render import render as slack_render
from tests.simulation.chaos import FIND_FAULTS, LINE_FAULTS, POST_FAULTS, Chaos
from tests.simulation.clock import Wall

NONCE_WINDOW = 120.0
HISTORY_PAUSE = 60.0
CARDS = 2


@dataclass(frozen=True, slots=True)
class Stored:
    """A message that stands in a channel."""

    at: float
    key: str
    tokens: tuple[str, ...]


@dataclass
class Chat:
    """One product's servers. `remembers`: a nonce seen lately gives the message it made (Discord)."""

    name: str
    remembers: bool
    readable: bool
    channels: dict[Channel, list[Stored]] = field(default_factory=dict)
    locked: set[Channel] = field(default_factory=set)
    posts: int = 0
    notices: list[str] = field(default_factory=list)
    last_read: float = -1e9

    def store(self, channel: Channel, key: str, text: str) -> str:
        """Take a message in; its id."""
        now = asyncio.get_running_loop().time()
        stored = self.channels.setdefault(channel, [])
        same = next((number for number, each in enumerate(stored) if each.key == key), None)
        if self.remembers and same is not None and now - stored[same].at <= NONCE_WINDOW:
            return str(same)
        stored.append(Stored(now, key, tuple(re.findall(r"\b([A-Z][a-z]{7}) Health", text))))
        return str(len(stored) - 1)


class SimulatedPlatform:
    """A client of one chat, with a network in between."""

    def __init__(self, chat: Chat, chaos: Chaos, true: Wall) -> None:
        self.name = chat.name
        self._chat = chat
        self._chaos = chaos
        self._true = true
        self._late: set[asyncio.TimerHandle] = set()

    def split(self, message: Message) -> tuple[Message, ...]:
        """Two cards a part, and within that the product's own parts; each part's deals are those of its cards."""
        blocks = message.blocks
        cards = [number for number, block in enumerate(blocks) if isinstance(block, Card)]
        cuts = [0, *(cards[at] for at in range(CARDS, len(cards), CARDS)), len(blocks)]
        pieces = [blocks[start:end] for start, end in pairwise(cuts)] or [()]
        shorter = (
            replace(message, blocks=piece, deals=tuple(block.deal for block in piece if isinstance(block, Card)))
            for piece in pieces
        )
        split = discord_split if self.name == "discord" else slack_split
        return tuple(part for piece in shorter for part in split(piece))

    async def post(self, channel: Channel, part: Message, key: str) -> PostOutcome:
        chaos, chat = self._chaos, self._chat
        chaos.step()
        # As where the product's limits are waited out, before anything goes out.
        await asyncio.sleep(chaos.dice.uniform(5, 59) if chaos.draw(LINE_FAULTS) else 0.2)
        chaos.step()
        if channel in chat.locked:
            return PostFailed("no permission", Remedy.PAUSE)
        text = self._rendered(part, key)
        fault = chaos.draw(POST_FAULTS)
        match fault:
            case "dropped":
                return await self._unclear()
            case "accepted late":
                # The request is on its way when we give up, and arrives a little later.
                asyncio.get_running_loop().call_later(chaos.dice.uniform(0, 24), chat.store, channel, key, text)
                return await self._unclear(5)
            case "busy":
                return PostFailed("busy", Remedy.RETRY, timedelta(seconds=chaos.dice.choice((1, 30, 4000))))
            case "refused":
                chat.locked.add(channel)
                return PostFailed("no permission", Remedy.PAUSE)
            case "too long":
                return PostFailed("too long", Remedy.RENDER)
            case "exception":
                raise ConnectionResetError("simulated")
            case _:
                pass
        chat.posts += 1
        posted = chat.store(channel, key, text)
        chaos.note("stored", channel.id, key)
        if fault == "accepted and dropped":
            return await self._unclear()
        chaos.step()
        await asyncio.sleep(0.1)
        chaos.step()
        return Posted(posted)

    def _rendered(self, part: Message, key: str) -> str:
        """What goes over the line, by the product's own renderer."""
        if self.name == "discord":
            return str(discord_render(part, Audience(key)))
        shown = slack_render(part)
        assert shown.fits, "a part that the product would not take"
        return str(shown.blocks)

    def time(self) -> datetime:
        """The server's clock is right, whatever ours shows."""
        return self._true.now()

    async def _unclear(self, seconds: float = 20) -> Unclear:
        await asyncio.sleep(seconds)
        self._chaos.step()
        return Unclear("no answer")

    async def notify(self, workspace: str, message: Message, user: str | None = None) -> bool:
        self._chaos.step()
        self._chat.notices.append(message.title)
        return True

    async def find(self, channel: Channel, key: str, since: datetime) -> FindOutcome:
        chat, now = self._chat, asyncio.get_running_loop().time()
        self._chaos.step()
        if not chat.readable:
            return Unreadable("no permission to read", lasting=True)
        fault = self._chaos.draw(FIND_FAULTS)
        if fault == "unreadable" or (not chat.remembers and now - chat.last_read < HISTORY_PAUSE):
            return Unreadable("rate limited")
        if fault == "exception":
            raise ConnectionResetError("simulated")
        await asyncio.sleep(10 if fault == "slow" else 0.1)
        self._chaos.step()
        chat.last_read = now
        earliest = now - (self._true.now() - since).total_seconds()
        stored = chat.channels.get(channel, [])
        for number, each in enumerate(stored):
            if each.key == key and each.at >= earliest:
                return Found(str(number))
        return NotFound()
