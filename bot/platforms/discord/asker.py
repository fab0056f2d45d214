"""Who asks, where, and what they may: as Discord itself says with each interaction, never as something typed says."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import discord

from bot.digests.model import Channel
from bot.errors import UserError
from bot.platforms.base import Request

NAME = "discord"

_ROLE = re.compile(r"<@&(\d{1,20})>")

IsNamed = Callable[[Channel, str], Awaitable[bool]]
"""Whether somebody named the user as one who may manage this channel's workspace."""


def request_of(interaction: discord.Interaction, given: Mapping[str, Any], *, may_manage: bool = False) -> Request:
    """The request: its workspace is the one Discord signed, whatever the options say."""
    workspace = str(interaction.guild_id)
    picked = {name: value for name, value in given.items() if hasattr(value, "guild_id")}
    if any(str(channel.guild_id) != workspace for channel in picked.values()):
        raise UserError("That channel is not in this server.")
    aimed = next((Channel(NAME, workspace, str(channel.id)) for channel in picked.values()), None)
    return Request(
        channel=Channel(NAME, workspace, str(interaction.channel_id)),
        user=str(interaction.user.id),
        may_manage=may_manage,
        values={name: value for name, value in given.items() if name not in picked},
        aimed=aimed,
    )


def role_of(request: Request) -> str | None:
    """The id of the role that a command's words call for."""
    found = _ROLE.fullmatch((request.text("mention") or "").strip())
    return found[1] if found else None


async def may_manage(interaction: discord.Interaction, is_named: IsNamed) -> bool:
    """Whether the asker has Manage Server now, or was named by somebody who has."""
    if interaction.guild_id is None:
        return False
    permissions = interaction.permissions
    if permissions.administrator or permissions.manage_guild:
        return True
    return await is_named(Channel(NAME, str(interaction.guild_id), ""), str(interaction.user.id))
