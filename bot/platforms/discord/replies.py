"""Answers to slash commands and buttons: for the asker alone, in time, page by page."""

from __future__ import annotations

import asyncio
import re
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from itertools import count
from typing import Any

import discord

from bot.digests.message import Message
from bot.digests.model import Channel
from bot.errors import UserError
from bot.platforms.base import Command
from bot.platforms.discord.asker import IsNamed, may_manage, request_of, role_of
from bot.platforms.discord.buttons import Press, pressed
from bot.platforms.discord.diary import LOG
from bot.platforms.discord.parts import split
from bot.platforms.discord.render import Audience, Layout, render
from bot.platforms.discord.views import sendable
from bot.platforms.spoken import parse
from bot.platforms.turnstile import Turnstile

AT_ONCE = 1.0
"""Seconds that a handler may take before Discord is told that the answer comes later: it waits three."""

REMEMBERED = 256
"""Long replies whose other pages can still be turned to."""

_PAGE = re.compile(r"page (\d+) (\d+)")
_ONLY_IN_SERVERS = "Pactwire answers in servers only, because each server has its own feeds and deals. Ask there."


class Replies:
    """Runs commands for people and shows what comes of it."""

    def __init__(
        self,
        commands: Sequence[Command],
        root: str,
        layout: Layout,
        *,
        refused: Callable[[Channel, str | None], str | None],
        is_named: IsNamed,
    ) -> None:
        self._commands = commands
        self._root = root
        self._layout = layout
        self._refused = refused
        self._is_named = is_named
        self._turnstile = Turnstile(lambda: asyncio.get_running_loop().time())
        self._long: OrderedDict[int, tuple[Message, ...]] = OrderedDict()
        self._numbers = count(1)

    async def command(self, interaction: discord.Interaction, command: Command, given: Mapping[str, Any]) -> None:
        """Answer a slash command."""
        await self._answer(interaction, lambda: self._run(interaction, command, given))

    async def failed(self, interaction: discord.Interaction, error: discord.app_commands.AppCommandError) -> None:
        """A command that never reached its handler, mostly because Discord still shows an older one."""
        LOG.warning("a command was not understood: %s", error)
        if not interaction.response.is_done():
            await self._show(interaction, Message("The commands have changed meanwhile. Please type it once more."))

    async def press(self, interaction: discord.Interaction) -> None:
        """Answer one of our buttons, even one that was posted before a restart; others are not ours to answer."""
        data: Mapping[str, Any] = dict(interaction.data or {})
        line = pressed(str(data.get("custom_id", "")))
        if line is None:
            return
        if page := _PAGE.match(line):
            await self._turn(interaction, int(page[1]), int(page[2]))
        else:
            await self._answer(interaction, lambda: self._spoken(interaction, line))

    async def _spoken(self, interaction: discord.Interaction, line: str) -> Message:
        spoken = parse(line, self._commands, self._root)
        return await self._run(interaction, spoken.command, spoken.values)

    async def _run(self, interaction: discord.Interaction, command: Command, given: Mapping[str, Any]) -> Message:
        may = await may_manage(interaction, self._is_named)
        request = request_of(interaction, given, may_manage=may)
        role = role_of(request)
        # Said now, not at the first digest. Ending digests needs no right to post.
        if request.may_manage and (command.name == "subscribe" or role):
            refusal = self._refused(request.place, role)
            if refusal:
                raise UserError(refusal)
        return await command.run(request)

    async def _answer(self, interaction: discord.Interaction, work: Callable[[], Any]) -> None:
        answering = asyncio.ensure_future(self._told(interaction, work))
        done, _ = await asyncio.wait([answering], timeout=AT_ONCE)
        if not done:
            await interaction.response.defer(ephemeral=True, thinking=True)
        await self._show(interaction, await answering)

    async def _told(self, interaction: discord.Interaction, work: Callable[[], Any]) -> Message:
        """What the work answers; a refusal is an answer too, and so is a fault."""
        if interaction.guild_id is None:
            return Message(_ONLY_IN_SERVERS)
        if refusal := self._turnstile.refusal(str(interaction.guild_id), str(interaction.user.id)):
            return Message(refusal)
        try:
            message: Message = await work()
        except UserError as refusal:
            return Message(str(refusal))
        except Exception:
            LOG.exception("a command failed")
            return Message("Something went wrong here, not with you, and it has been logged. Please try once more.")
        return message

    async def _show(self, interaction: discord.Interaction, message: Message) -> None:
        parts = split(message, self._layout)
        number = self._remember(parts) if len(parts) > 1 else 0
        shown = self._page(parts, number, 0, manages=await may_manage(interaction, self._is_named))
        if interaction.response.is_done():
            await interaction.edit_original_response(**shown)
        else:
            await interaction.response.send_message(**shown, ephemeral=True)

    async def _turn(self, interaction: discord.Interaction, number: int, page: int) -> None:
        if refusal := self._turnstile.refusal(str(interaction.guild_id), str(interaction.user.id)):
            await self._show(interaction, Message(refusal))
            return
        parts = self._long.get(number, ())
        if not 0 <= page < len(parts):
            await self._show(interaction, Message("This answer was put away meanwhile. Please ask once more."))
            return
        await interaction.response.edit_message(
            **self._page(parts, number, page, manages=await may_manage(interaction, self._is_named)),
        )

    def _page(self, parts: Sequence[Message], number: int, page: int, *, manages: bool) -> dict[str, Any]:
        turns = (
            Press("◀", f"page {number} {page - 1}", disabled=page == 0),
            Press("▶", f"page {number} {page + 1}", disabled=page == len(parts) - 1),
        )
        audience = Audience(manages=manages, page=turns if len(parts) > 1 else ())
        return sendable(render(parts[page], audience, self._layout))

    def _remember(self, parts: tuple[Message, ...]) -> int:
        number = next(self._numbers)
        self._long[number] = parts
        while len(self._long) > REMEMBERED:
            self._long.popitem(last=False)
        return number
