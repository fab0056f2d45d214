"""Which channels can be posted in, and what is missing where they cannot."""

from __future__ import annotations

from typing import Any

import discord

NEEDED = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    embed_links=True,
    read_message_history=True,
)
"""All that Pactwire asks for; docs/discord.md gives the reason for each."""


def invitation(application: int) -> str:
    """The address at which somebody with Manage Server lets the bot in."""
    return discord.utils.oauth_url(application, permissions=NEEDED, scopes=("bot", "applications.commands"))


def missing_rights(place: Any) -> str | None:
    """What Pactwire lacks to post here, and what to do about it; None where nothing is known to be missing."""
    guild = getattr(place, "guild", None)
    if guild is None or guild.me is None:
        return None
    rights = place.permissions_for(guild.me)
    needed = {
        "View Channel": rights.view_channel,
        "Send Messages": rights.send_messages or isinstance(place, discord.Thread),
        "Read Message History": rights.read_message_history,
    }
    if isinstance(place, discord.Thread | discord.ForumChannel):
        needed["Send Messages in Threads"] = rights.send_messages_in_threads
    missing = [name for name, given in needed.items() if not given]
    if not missing:
        return None
    return (
        f"I may not post in {place.name} yet. Open the channel's settings, Permissions, add my role and allow "
        f"{', '.join(missing)}; then try again."
    )


def unmentionable(place: Any, role: str) -> str | None:
    """Why this role cannot be mentioned there, and what to do about it; None where nothing speaks against it."""
    guild = getattr(place, "guild", None)
    if guild is None or guild.me is None:
        return None
    found = guild.get_role(int(role))
    if found is None:
        return "There is no such role in this server. Type @ and pick the role from the list."
    if found.mentionable or place.permissions_for(guild.me).mention_everyone:
        return None
    return (
        f"I may not mention {found.name} yet. Open Server Settings, Roles, {found.name} and turn on “Allow anyone to "
        "@mention this role”; then try again."
    )


def greeting_place(guild: discord.Guild) -> discord.TextChannel | None:
    """The channel for system messages, if we may write there: no other one is disturbed."""
    place = guild.system_channel
    if place is None or guild.me is None:
        return None
    rights = place.permissions_for(guild.me)
    return place if rights.view_channel and rights.send_messages else None
