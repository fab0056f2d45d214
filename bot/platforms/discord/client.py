"""Discord as a platform: connects, posts, and looks up what was posted."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

import aiohttp
import discord
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.digests.message import Message
from bot.digests.model import Channel
from bot.errors import ConfigError
from bot.platforms.base import Command, FindOutcome, Posted, PostFailed, PostOutcome, Remedy, Request, Unclear
from bot.platforms.discord.asker import NAME, IsNamed, request_of
from bot.platforms.discord.asking import UnsureError, listener
from bot.platforms.discord.diary import LOG
from bot.platforms.discord.errors import CLOSED, NO_INTENTS, WRONG_TOKEN, outcome
from bot.platforms.discord.forum import post_deals
from bot.platforms.discord.history import find_message
from bot.platforms.discord.parts import direct, split
from bot.platforms.discord.places import greeting_place, invitation, missing_rights, unmentionable
from bot.platforms.discord.render import Audience, Layout, render
from bot.platforms.discord.replies import Replies
from bot.platforms.discord.slash import fingerprint, slash_commands
from bot.platforms.discord.views import sendable
from bot.platforms.discord.words import Words
from bot.platforms.hours import Hours
from bot.platforms.pace import Pace, Rate

OVERALL, EACH = Rate(25, burst=25), Rate(1, burst=5)
LONGEST_WAIT = 30.0
"""Seconds that discord.py waits out a rate limit (its least value); what takes longer goes back to the outbox."""

STARTING, LONGEST_POST = 20.0, 90.0
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0


@dataclass(frozen=True, slots=True)
class Settings:
    """How to reach Discord, and how messages look. `api` and `gateway` are Discord's own unless given.

    `servers_within`: seconds of silence after which all servers are taken to have been told of, at the start.
    """

    token: str
    layout: Layout = Layout.COMPONENTS
    sharded: bool = False
    publish: bool = True
    api: str | None = None
    gateway: str | None = None
    servers_within: float = 2.0


@dataclass(frozen=True, slots=True)
class House:
    """What the client needs of the rest of the bot: some memory, and whom to tell who came, went, or is there."""

    recall: Callable[[str], Awaitable[str | None]]
    remember: Callable[[str, str], Awaitable[None]]
    joined: Callable[[str], Awaitable[None]]
    left: Callable[[str], Awaitable[None]]
    present: Callable[[Sequence[str]], Awaitable[None]]
    is_named: IsNamed


class Discord:
    """A Platform. `run` keeps it connected; `post`, `find` and `notify` need no connection beyond the login."""

    name = NAME

    def __init__(self, settings: Settings, commands: Sequence[Command], root: str, house: House) -> None:
        self._settings = settings
        self._house = house
        self._root = root
        self._pace = Pace(OVERALL, EACH)
        self._hours = Hours()
        self._ready = asyncio.Event()
        self._ending: asyncio.Task[None] | None = None
        self._client = self._new_client()
        self._replies = Replies(commands, root, settings.layout, refused=self._refused, is_named=house.is_named)
        self._tree = app_commands.CommandTree(self._client)
        self._tree.error(self._replies.failed)
        self._tree.add_command(slash_commands(commands, root, self._replies.command, _ask))

    async def run(self) -> None:
        """Stay connected until cancelled. Raises ConfigError when Discord refuses the token."""
        if self._settings.api:
            Route.BASE = self._settings.api.rstrip("/")
        if self._settings.gateway:
            DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(self._settings.gateway)
        try:
            async with self._client:
                await self._log_in()
                await self._client.connect(reconnect=True)
            if self._pace.breaker.is_stopped:
                raise ConfigError(WRONG_TOKEN)
        except discord.LoginFailure:
            raise ConfigError(WRONG_TOKEN) from None
        except discord.PrivilegedIntentsRequired:
            raise ConfigError(NO_INTENTS) from None
        except discord.ConnectionClosed as closed:
            raise ConfigError(CLOSED.get(closed.code, f"Discord ended the connection ({closed.code}).")) from None
        finally:
            self._ready.clear()

    async def _log_in(self) -> None:
        """Log in, and where Discord cannot be reached, try until it can."""
        pause = FIRST_PAUSE
        while True:
            try:
                return await self._client.login(self._settings.token)
            except discord.LoginFailure:
                raise
            except (discord.DiscordException, aiohttp.ClientError, OSError) as fault:
                LOG.warning("Discord cannot be reached (%s); the next try is in %s s", fault, int(pause))
            await self._client.http.close()
            self._client.http.connector = discord.utils.MISSING  # or the next try would be made with the closed one
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    async def ready(self, patience: float) -> bool:
        """Whether the client is connected, waiting at most `patience` seconds for it."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._ready.wait(), patience)
        return self._ready.is_set()

    def split(self, message: Message) -> tuple[Message, ...]:
        """The parts that each fit one message."""
        return split(message, self._settings.layout)

    async def post(self, channel: Channel, part: Message, key: str) -> PostOutcome:
        """Post the part; its key is the nonce, so that Discord itself refuses a second one within minutes.

        Where Discord refuses the token now, the client ends: `run` says so.
        """
        if self._pace.breaker.is_stopped:
            return PostFailed("Discord refuses the bot token", Remedy.RETRY, timedelta(minutes=10))
        await self.ready(STARTING)  # which channels are forums is known from then on
        if self._client.http.token is None:
            return PostFailed("not logged in to Discord yet", Remedy.RETRY, timedelta(seconds=10))
        wait = await self._pace.turn(channel.id)
        if wait is not None:
            return PostFailed("Discord has to be left in peace for a while", Remedy.RETRY, wait)
        try:
            async with asyncio.timeout(LONGEST_POST):
                return Posted(await self._send(channel, part, key))
        except discord.RateLimited as limited:
            return PostFailed("Discord asks to wait", Remedy.RETRY, timedelta(seconds=limited.retry_after))
        except discord.HTTPException as refused:
            LOG.warning("a post was refused: %s, code %s: %s", refused.status, refused.code, refused.text[:300])
            if self._pace.breaker.is_stopped:
                self._ending = asyncio.create_task(self._client.close())
            return outcome(refused.status, refused.code, _retry_after(refused))
        except (aiohttp.ClientError, OSError, TimeoutError, UnsureError) as fault:
            return Unclear(f"{type(fault).__name__} while posting")

    async def find(self, channel: Channel, key: str, since: datetime) -> FindOutcome:
        """Look for the key among our own messages of the channel since then."""
        await self.ready(STARTING)
        return await find_message(self._client, channel, key, since)

    def time(self) -> datetime | None:
        """Discord's time."""
        return self._hours.now()

    async def notify(self, workspace: str, message: Message, user: str | None = None) -> bool:
        """Tell the server's owner, or this user, in a direct message."""
        try:
            guild = self._client.get_guild(int(workspace))
            whom = int(user) if user else guild.owner_id if guild else None
            if whom is None:
                return False
            reader = await self._client.fetch_user(whom)
            for part in self.split(direct(message)):
                await reader.send(**sendable(render(part, Audience(), self._settings.layout)))
        except (discord.DiscordException, aiohttp.ClientError, OSError):
            return False
        return True

    async def _send(self, channel: Channel, part: Message, key: str) -> str:
        place = self._client.get_channel(int(channel.id))
        if isinstance(place, discord.ForumChannel):
            return await post_deals(place, part, key, self._settings.layout)
        shown = sendable(render(part, Audience(key), self._settings.layout))
        sent = await self._client.get_partial_messageable(int(channel.id)).send(
            **shown, nonce=key, suppress_embeds="embeds" not in shown
        )
        if self._settings.publish and isinstance(place, discord.TextChannel) and place.is_news():
            await self._publish(sent)
        return str(sent.id)

    async def _publish(self, sent: discord.Message) -> None:
        """Pass it on to the channels that follow this one; where that cannot be, it stands here all the same."""
        try:
            await sent.publish()
        except (discord.DiscordException, aiohttp.ClientError, OSError, UnsureError) as fault:
            LOG.warning("message %s was not passed on: %s", sent.id, fault)

    def _new_client(self) -> discord.Client:
        kind = discord.AutoShardedClient if self._settings.sharded else discord.Client
        client = kind(
            intents=discord.Intents(guilds=True),
            allowed_mentions=discord.AllowedMentions.none(),
            max_ratelimit_timeout=LONGEST_WAIT,
            http_trace=listener(self._pace, self._hours),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            guild_ready_timeout=self._settings.servers_within,
        )
        for listening in (
            self.setup_hook,
            self.on_ready,
            self.on_interaction,
            self.on_guild_join,
            self.on_guild_remove,
        ):
            client.event(listening)
        return client

    async def setup_hook(self) -> None:
        """Tell Discord the commands, if they are not those it was told last: 200 may be made a day."""
        name = f"discord commands {self._client.application_id}"
        words = Words()
        await self._tree.set_translator(words)
        current = await fingerprint(self._tree, words)
        if await self._house.recall(name) == current:
            return
        try:
            await self._tree.sync()
        except discord.HTTPException as refused:
            LOG.error("Discord refused the commands: %s", refused)
            return
        await self._house.remember(name, current)
        LOG.info("Discord was told the commands")

    async def on_ready(self) -> None:
        """Connected; this may come again after an outage. Who came or went meanwhile shows in who is there now."""
        try:
            await self._house.present([str(guild.id) for guild in self._client.guilds])
        finally:
            self._ready.set()
        count = len(self._client.guilds)
        LOG.info("connected, in %s server%s", count, "" if count == 1 else "s")
        if not self._client.guilds:
            LOG.warning("in no server yet; invite it: %s", invitation(self._client.application_id or 0))

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Buttons; slash commands go their own way through the tree."""
        if interaction.type is discord.InteractionType.component:
            await self._replies.press(interaction)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Say once how to begin, where that is allowed."""
        await self._house.joined(str(guild.id))
        place = greeting_place(guild)
        if place is not None:
            with suppress(discord.DiscordException, aiohttp.ClientError, OSError):
                await place.send(**sendable(render(_welcome(self._root), Audience(), self._settings.layout)))

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Shown the door."""
        await self._house.left(str(guild.id))

    def _refused(self, channel: Channel, role: str | None) -> str | None:
        place = self._client.get_channel(int(channel.id))
        return missing_rights(place) or (unmentionable(place, role) if role else None)


def _ask(interaction: discord.Interaction) -> Request:
    return request_of(interaction, {})


def _welcome(root: str) -> Message:
    return Message(
        "Pactwire is here. It brings digests of partnership news to the channels that ask for them; nothing is posted "
        "until then.",
        footer=(f"who may manage the server begins with /{root} subscribe",),
        next_step=f"/{root} help",
    )


def _retry_after(refused: discord.HTTPException) -> timedelta | None:
    headers: Mapping[str, str] = refused.response.headers
    try:
        return timedelta(seconds=min(float(headers.get("Retry-After", "")), 86_400))
    except ValueError:
        return None
