from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import discord

from bot.platforms.discord.places import NEEDED, greeting_place, invitation, missing_rights, unmentionable


def place(rights: discord.Permissions) -> Any:
    """A channel of which this much is allowed to us."""
    return SimpleNamespace(name="news", guild=SimpleNamespace(me=object()), permissions_for=lambda _: rights)


def test_what_is_missing_is_named_with_what_to_do() -> None:
    told = missing_rights(place(discord.Permissions(view_channel=True)))
    assert told is not None
    assert "allow Send Messages, Read Message History" in told
    assert "Permissions" in told


def test_where_nothing_is_missing_or_nothing_is_known_nothing_is_said() -> None:
    assert missing_rights(place(NEEDED)) is None
    assert missing_rights(None) is None


def test_a_role_that_cannot_be_mentioned_is_said_with_what_to_do() -> None:
    roles = {7: SimpleNamespace(name="Partners", mentionable=False), 8: SimpleNamespace(name="All", mentionable=True)}
    here = place(NEEDED)
    here.guild.get_role = roles.get
    refusal = unmentionable(here, "7")
    assert refusal is not None
    assert "Allow anyone to @mention this role" in refusal
    assert unmentionable(here, "8") is None
    assert unmentionable(None, "7") is None


def test_the_invitation_asks_for_what_the_guide_explains_and_no_more() -> None:
    assert "permissions=274877991936" in invitation(1)
    assert not NEEDED.administrator
    assert not NEEDED.mention_everyone
    assert not NEEDED.manage_messages


def test_a_server_without_a_channel_for_such_messages_is_not_greeted() -> None:
    silent: Any = SimpleNamespace(system_channel=None, me=object())
    closed: Any = SimpleNamespace(system_channel=place(discord.Permissions(view_channel=True)), me=object())
    assert greeting_place(silent) is None
    assert greeting_place(closed) is None
