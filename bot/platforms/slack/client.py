"""Slack as a platform: posts digests, finds them again, tells those who manage."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import assert_never

from bot.digests.message import Message
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
from bot.platforms.slack.calls import Answered, Calls, Lost, Outcome, Refused
from bot.platforms.slack.history import History
from bot.platforms.slack.memory import Memory
from bot.platforms.slack.parts import is_continuation, split
from bot.platforms.slack.remedies import UNCLEAR, remedy
from bot.platforms.slack.render import Rendered, render
from bot.platforms.slack.teams import Team, Teams

NAME = "slack"
EVENT = "pactwire_part"
"""The type of the metadata that marks each of our messages."""


class Slack:
    """A Platform. One of it serves every workspace."""

    name = NAME

    def __init__(
        self, calls: Calls, teams: Teams, memory: Memory, stay: Callable[[], Awaitable[None]], *, in_threads: bool
    ) -> None:
        """`stay` is the way in: it stays connected, by socket or by HTTP, until it is cancelled.

        With `in_threads`, what does not fit into a digest's first message goes into its thread.
        """
        self._calls = calls
        self._teams = teams
        self._memory = memory
        self._stay = stay
        self._in_threads = in_threads
        self._history = History(calls)

    async def run(self) -> None:
        """Stay connected until cancelled. Raises PactwireError where a token is refused."""
        await self._stay()

    def split(self, message: Message) -> tuple[Message, ...]:
        """The parts that each fit one message of Slack's."""
        return split(message)

    async def post(self, channel: Channel, part: Message, key: str) -> PostOutcome:
        """Post the part with `key` in its metadata; a public channel that Pactwire is not in is joined first."""
        team = await self._teams.get(channel.workspace)
        if team is None:
            known = self._teams.is_ready
            return PostFailed(
                remedy("not_authed" if known else "service_unavailable")[1], Remedy.PAUSE if known else Remedy.RETRY
            )
        goes_on = self._in_threads and is_continuation(part)
        thread = await self._memory.root(channel) if goes_on else None
        rendered = render(part)
        outcome = await self._paced(team, channel.id, rendered, key, thread)
        if isinstance(outcome, Refused) and outcome.code == "not_in_channel" and await self._joins(team, channel.id):
            outcome = await self._paced(team, channel.id, rendered, key, thread)
        posted = _posted(outcome)
        if isinstance(posted, Posted) and self._in_threads and not goes_on:
            await self._memory.is_rooted(channel, posted.id)
        return posted

    async def notify(self, workspace: str, message: Message, user: str | None = None) -> bool:
        """Tell this user in a direct message, else the first of those who keep Pactwire there that can be reached.

        Slack has no mailbox of all admins.
        """
        team = await self._teams.get(workspace)
        if team is None:
            return False
        parts = [render(part) for part in split(message)]
        for each in [user] if user else await self._memory.keepers(workspace):
            outcomes = [await self._paced(team, each, part, None) for part in parts]
            if any(isinstance(outcome, Answered) for outcome in outcomes):
                return True
        return False

    async def find(self, channel: Channel, key: str, since: datetime) -> FindOutcome:
        """Look for the mark in the channel, from its newest message back to `since`.

        Where Slack's limits end the reading, the next look goes on from there: what came since is no concern.
        """
        team = await self._teams.get(channel.workspace)
        if team is None:
            return Unreadable(remedy("not_authed")[1], lasting=self._teams.is_ready)
        found = await self._history.find(team, channel.id, key, since)
        if self._in_threads and isinstance(found, NotFound) and (root := await self._memory.root(channel)):
            return await self._history.find(team, channel.id, key, since, root)
        if self._in_threads and isinstance(found, Found):
            await self._memory.is_rooted(channel, found.id)
        return found

    def time(self) -> datetime | None:
        """Slack's time."""
        return self._calls.hours.now()

    async def _paced(
        self, team: Team, channel: str, rendered: Rendered, key: str | None, thread: str | None = None
    ) -> Outcome:
        marked = {"metadata": {"event_type": EVENT, "event_payload": {"id": key}}} if key else {}
        placed = {"thread_ts": thread} if thread else {}
        return await self._calls.post(
            team,
            "chat.postMessage",
            channel,
            text=rendered.text,
            blocks=list(rendered.blocks),
            unfurl_links=False,
            unfurl_media=False,
            link_names=False,
            parse="none",
            **marked,
            **placed,
        )

    async def _joins(self, team: Team, channel: str) -> bool:
        """Whether Pactwire could join; only public channels let it."""
        return isinstance(await self._calls.read(team.token, "conversations.join", channel=channel), Answered)


def _posted(outcome: Outcome) -> PostOutcome:
    match outcome:
        case Answered(data):
            return Posted(str(data.get("ts", "")))
        case Refused(code, retry_after, scope):
            means, reason = remedy(code, scope)
            return Unclear(f"Slack answered {code}") if code in UNCLEAR else PostFailed(reason, means, retry_after)
        case Lost(reason, unsent):
            return PostFailed(reason, Remedy.RETRY) if unsent else Unclear(reason)
        case _:
            assert_never(outcome)
