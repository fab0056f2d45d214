"""What Slack sends, whatever the way: acknowledged first, then understood and done once (the owner of slack_bolt)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult

from bot.errors import UserError
from bot.platforms.slack.calls import Calls
from bot.platforms.slack.desk import Desk, Respond, channel_of
from bot.platforms.slack.diary import LOG, SDK_LOG
from bot.platforms.slack.forms import Forms
from bot.platforms.slack.speech import Asker, line_of
from bot.platforms.slack.teams import Teams

Ack = Callable[..., Awaitable[Any]]
Body = dict[str, Any]
IsFirst = Callable[[str], Awaitable[bool]]
"""Keeps a key for good, and says whether it is new: what Slack delivers twice is done once."""

NOT_INSTALLED = "Pactwire is not installed in this workspace any more. An admin can install it again."


class Listeners:
    """Bolt's app with all of our listeners. Work goes on after the acknowledgement; `idle` waits for its end."""

    def __init__(self, calls: Calls, teams: Teams, desk: Desk, is_first: IsFirst) -> None:
        self._teams = teams
        self._desk = desk
        self._is_first = is_first
        self._under_way: set[asyncio.Task[None]] = set()
        self.forms = Forms(desk)
        self.app = AsyncApp(
            name="pactwire",
            logger=SDK_LOG,
            client=calls.client(),
            authorize=_authorized_by(teams),
            user_facing_authorize_error_message=NOT_INSTALLED,
            request_verification_enabled=False,  # ours runs before anything is parsed, see signature.py
            ssl_check_enabled=False,
        )
        self._listen()

    async def idle(self) -> None:
        """Wait until everything that was acknowledged is done."""
        while self._under_way:
            await asyncio.wait(self._under_way)

    def _listen(self) -> None:
        self.app.command(f"/{self._desk.root}")(self._on_command)
        self.app.event("app_mention")(self._on_mention)
        self.app.event("message")(self._on_message)

    async def _on_command(self, ack: Ack, body: Body, respond: Respond) -> None:
        await ack()
        self._begin(body["trigger_id"], self._command(body, respond))

    async def _command(self, body: Body, respond: Respond) -> None:
        asker = await self._asker(body["team_id"], body["channel_id"], body["user_id"])
        line = line_of(body.get("text", ""))
        if await self.forms.opened(asker, line.text, body["trigger_id"]):
            return
        reply = await self._desk.answer(asker, line.text)
        await self._desk.tell(respond, reply, None if asker.is_direct else line.text, shared=line.shared)

    async def _on_mention(self, body: Body) -> None:
        self._begin(body["event_id"], self._spoken_to(body["team_id"], body["event"]))

    async def _on_message(self, body: Body) -> None:
        """A direct message. What apps write, what is edited or deleted, and other channels' talk are no concern."""
        event = body["event"]
        if event.get("channel_type") == "im" and not event.get("subtype") and not event.get("bot_id"):
            self._begin(body["event_id"], self._spoken_to(body["team_id"], event))

    async def _spoken_to(self, team: str, event: Body) -> None:
        asker = await self._asker(team, event["channel"], event["user"])
        line = line_of(event.get("text", ""))
        reply = await self._desk.answer(asker, line.text)
        await self._desk.post(asker, reply, event.get("thread_ts"), shared=line.shared)

    async def _asker(self, team: str, channel: str, user: str) -> Asker:
        found = await self._teams.get(team)
        if found is None:
            raise UserError(NOT_INSTALLED)
        return Asker(found, channel_of(team, channel), user)

    def _begin(self, key: str, work: Coroutine[Any, Any, None]) -> None:
        """Do the work behind the acknowledgement, unless it was begun before."""
        task = asyncio.create_task(self._once(key, work))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _once(self, key: str, work: Coroutine[Any, Any, None]) -> None:
        try:
            if await self._is_first(key):
                await work
        except Exception:
            LOG.exception("Slack: an answer failed")
        finally:
            work.close()


def _authorized_by(teams: Teams) -> Callable[..., Awaitable[AuthorizeResult]]:
    """Bolt's question whose token a request needs. A function: Bolt would take a method's `self` for a parameter."""

    async def authorize(team_id: str | None) -> AuthorizeResult:
        team = await teams.get(team_id or "")
        if team is None:
            return None  # type: ignore[return-value]  # Bolt takes None for "not installed"
        return AuthorizeResult(
            enterprise_id=None, team_id=team.id, bot_token=team.token, bot_id=team.bot, bot_user_id=team.bot_user
        )

    return authorize
