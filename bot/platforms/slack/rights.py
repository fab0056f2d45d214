"""Who may manage: the workspace's admins and owners, the channel's creator, and those whom they named."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import Any

from bot.digests.model import Channel
from bot.platforms.slack.calls import Answered, Calls, Refused
from bot.platforms.slack.teams import Team

IsNamed = Callable[[Channel, str], Awaitable[bool]]
"""Whether the user was named as one who may manage this channel's workspace."""


class Standing(StrEnum):
    """What somebody may do."""

    MANAGES = "manages"
    LOOKS = "looks"
    UNTOLD = "untold"  # the app lacks the scope to be told who they are


class Rights:
    """Asked anew for every command, so that a lost role counts at once. Of whom Slack says nothing may not manage."""

    def __init__(self, calls: Calls, is_named: IsNamed) -> None:
        self._calls = calls
        self._is_named = is_named

    async def standing(self, team: Team, channel: Channel, user: str) -> Standing:
        if await self._is_named(channel, user):
            return Standing.MANAGES
        outcome = await self._calls.read(team.token, "users.info", user=user)
        asked = (outcome.data.get("user") or {}) if isinstance(outcome, Answered) else {}
        if asked.get("team_id", team.id) == team.id and any(
            asked.get(role) is True for role in ("is_admin", "is_owner", "is_primary_owner")
        ):
            return Standing.MANAGES
        if channel.id and await self._is_creator(team, channel, user):
            return Standing.MANAGES
        lacks_scope = isinstance(outcome, Refused) and outcome.code == "missing_scope"
        return Standing.UNTOLD if lacks_scope else Standing.LOOKS

    async def _is_creator(self, team: Team, channel: Channel, user: str) -> bool:
        place = (await self._asked(team, "conversations.info", channel=channel.id)).get("channel") or {}
        return bool(user) and place.get("creator") == user and not place.get("is_im")

    async def zone(self, team: Team, user: str) -> str | None:
        """The user's own time zone, as Slack knows it."""
        asked = (await self._asked(team, "users.info", user=user)).get("user") or {}
        zone = asked.get("tz")
        return str(zone) if zone else None

    async def _asked(self, team: Team, method: str, **arguments: object) -> dict[str, Any]:
        outcome = await self._calls.read(team.token, method, **arguments)
        return dict(outcome.data) if isinstance(outcome, Answered) else {}
