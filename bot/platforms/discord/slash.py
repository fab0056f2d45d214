"""The table of commands as real slash commands: one group, its subcommands, typed options and their completion."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from hashlib import blake2b
from inspect import Parameter, Signature
from json import dumps
from typing import Any

import discord
from discord import AppCommandOptionType, ChannelType, app_commands

from bot.digests.model import Channel
from bot.errors import PactwireError
from bot.platforms.base import Command, Offered, Option, Person, Request
from bot.platforms.discord.text import cut, length

Answer = Callable[[discord.Interaction, Command, Mapping[str, Any]], Awaitable[None]]
Ask = Callable[[discord.Interaction], Request]

MOST_CHOICES, LONGEST = 25, 100
ITSELF = "show"
"""What `managers` is called below `managers`, beside `managers add`."""

COMPLETION = 2.5
"""Seconds after which completion offers nothing: Discord waits three."""

_TYPES = {
    str: AppCommandOptionType.string,
    int: AppCommandOptionType.integer,
    float: AppCommandOptionType.number,
    Channel: AppCommandOptionType.channel,
    Person: AppCommandOptionType.user,
}
PLACES = [
    ChannelType.text,
    ChannelType.news,
    ChannelType.forum,
    ChannelType.public_thread,
    ChannelType.private_thread,
    ChannelType.news_thread,
]
"""The kinds of channels that can be subscribed."""


def slash_commands(commands: Sequence[Command], root: str, answer: Answer, ask: Ask) -> app_commands.Group:
    """The root with everything below it. For servers only, installed in servers only.

    Discord knows default permissions for the root alone, not for what stands below it; looking is open to everybody,
    so the root asks for none, and each command that manages checks for itself.
    """
    group = app_commands.Group(
        name=root,
        description="Partnership news, kept as deals",
        allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False),
        allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
    )
    names = dict.fromkeys(command.name.split()[0] for command in commands if " " in command.name)
    families = {name: app_commands.Group(name=name, description=f"About {name}", parent=group) for name in names}
    for command in commands:
        first, _, second = command.name.partition(" ")
        if first in families:
            # On Discord a name with more below it is no command itself.
            families[first].add_command(_slash(command, second or ITSELF, answer, ask))
        else:
            group.add_command(_slash(command, first, answer, ask))
    return group


async def fingerprint(tree: app_commands.CommandTree[Any], words: app_commands.Translator) -> str:
    """A short name for all that Discord would be told about these commands, in every language; it changes with it."""
    payload = [await command.get_translated_payload(tree, words) for command in tree.get_commands()]
    return blake2b(dumps(payload, sort_keys=True, default=str).encode(), digest_size=16).hexdigest()


def _slash(command: Command, name: str, answer: Answer, ask: Ask) -> app_commands.Command[Any, ..., None]:
    async def callback(interaction: discord.Interaction, **given: Any) -> None:
        await answer(interaction, command, {key: value for key, value in given.items() if value is not None})

    # discord.py reads the options from the callback's signature.
    first = Parameter("interaction", Parameter.POSITIONAL_OR_KEYWORD, annotation=discord.Interaction)
    options = [_parameter(option, ask) for option in command.options]
    callback.__signature__ = Signature([first, *options])  # type: ignore[attr-defined]
    described = app_commands.describe(**{option.name: _short(option.description) for option in command.options})
    return app_commands.Command(name=name, description=_short(command.summary), callback=described(callback))


def _parameter(option: Option, ask: Ask) -> Parameter:
    typed = _Completed(option, ask) if option.complete or len(option.choices) > MOST_CHOICES else _Typed(option)
    default = Parameter.empty if option.required else None
    return Parameter(option.name, Parameter.KEYWORD_ONLY, default=default, annotation=typed)


class _Typed(app_commands.Transformer):
    """One option as Discord takes it. (discord.py wants a class for this.)"""

    def __init__(self, option: Option) -> None:
        self._option = option

    @property
    def type(self) -> AppCommandOptionType:
        return _TYPES[self._option.kind]

    @property
    def min_value(self) -> int | float | None:
        return self._bound(self._option.minimum)

    @property
    def max_value(self) -> int | float | None:
        return self._bound(self._option.maximum)

    @property
    def choices(self) -> list[app_commands.Choice[str | int | float]] | None:
        offered = self._option.choices
        return [_choice(text, str) for text in offered] if 0 < len(offered) <= MOST_CHOICES else None

    @property
    def channel_types(self) -> list[ChannelType]:
        return PLACES if self._option.kind is Channel else []

    async def transform(self, interaction: discord.Interaction, value: Any) -> Any:
        return str(value.id) if self._option.kind is Person else value

    def _bound(self, bound: float | None) -> int | float | None:
        return int(bound) if bound is not None and self._option.kind is int else bound


class _Completed(_Typed):
    """An option whose values are offered while one types."""

    def __init__(self, option: Option, ask: Ask) -> None:
        super().__init__(option)
        self._ask = ask

    async def autocomplete(
        self, interaction: discord.Interaction, value: str | int | float
    ) -> list[app_commands.Choice[str | int | float]]:
        offered: Sequence[str] = [each for each in self._option.choices if str(value).casefold() in each.casefold()]
        if self._option.complete and interaction.guild_id is not None:
            try:
                async with asyncio.timeout(COMPLETION):
                    offered = await self._option.complete(self._ask(interaction), str(value))
            except (TimeoutError, PactwireError):
                offered = []
        fitting = [text for text in dict.fromkeys(offered) if 0 < length(text) <= LONGEST]
        return [_choice(text, self._option.kind) for text in fitting[:MOST_CHOICES]]


def _choice(text: str, kind: Any) -> app_commands.Choice[str | int | float]:
    shown = text.label if isinstance(text, Offered) else text
    return app_commands.Choice(name=cut(shown, LONGEST) or text, value=kind(text))


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1].rsplit(' ', 1)[0]}…"
