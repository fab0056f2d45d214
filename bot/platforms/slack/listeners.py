"""What Slack sends, whatever the way: acknowledged first, then understood and done once (the owner of slack_bolt)."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult

from bot.digests.message import Message
from bot.errors import UserError
from bot.platforms.slack.calls import Calls
from bot.platforms.slack.desk import Desk, Respond, channel_of
from bot.platforms.slack.diary import LOG, SDK_LOG
from bot.platforms.slack.forms import Forms
from bot.platforms.slack.memory import Memory
from bot.platforms.slack.speech import Asker, Line, line_of, links_in
from bot.platforms.slack.teams import Teams
from bot.platforms.slack.wishes import FORM, WORKING, offered_zones

Ack = Callable[..., Awaitable[Any]]
Body = dict[str, Any]

FORGOTTEN = "This answer is too old to be shared. Ask again, with share:yes at the end."

SHORTCUT = "add_as_deal"
"""The callback_id of the message shortcut, as the manifest names it."""

PATIENCE = 5.0
"""Seconds that answers under way are given to end when the bot stops."""

DOUBLE = 3.0
"""Seconds within which the same click of the same person is one click."""

NOT_INSTALLED = "Pactwire is not installed in this workspace any more. An admin can install it again."


class Listeners:
    """Bolt's app with all of our listeners. Work goes on after the acknowledgement; `idle` waits for its end."""

    def __init__(self, calls: Calls, teams: Teams, desk: Desk, memory: Memory) -> None:
        self._teams = teams
        self._desk = desk
        self._memory = memory
        self._clicks: dict[str, float] = {}
        self._under_way: set[asyncio.Task[None]] = set()
        self.forms = Forms(desk, memory)
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

    async def idle(self, patience: float = PATIENCE) -> None:
        """Wait so many seconds until everything that was acknowledged is done, and end the rest."""
        if not self._under_way:
            return
        _, late = await asyncio.wait(self._under_way, timeout=patience)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    def _listen(self) -> None:
        self.app.command(f"/{self._desk.root}")(self._on_command)
        self.app.event("app_mention")(self._on_mention)
        self.app.event("message")(self._on_message)
        self.app.event("app_home_opened")(self._on_home)
        self.app.event("app_uninstalled")(self._on_removed)
        self.app.event("tokens_revoked")(self._on_revoked)
        self.app.action(re.compile(r"^do:"))(self._on_button)
        self.app.action("share")(self._on_share)
        self.app.action(re.compile(r"^form:"))(self._on_form)
        self.app.action("preview")(self._on_preview)
        self.app.options("zone")(self._on_zones)
        self.app.view(FORM)(self._on_wishes)
        self.app.shortcut(SHORTCUT)(self._on_shortcut)

    async def _on_command(self, ack: Ack, body: Body, respond: Respond) -> None:
        await ack()
        self._begin(body["trigger_id"], self._command(body, respond))

    async def _command(self, body: Body, respond: Respond) -> None:
        asker = await self._asker(body["team_id"], body["channel_id"], body["user_id"])
        line = line_of(body.get("text", ""))
        if await self.forms.opened(asker, line, body["trigger_id"]):
            return
        reply = await self._desk.answer(asker, line)
        # A refusal has no blocks, and is nobody else's business.
        await self._desk.tell(respond, reply, shared=line.shared, sharable=bool(reply.blocks) and not asker.is_direct)

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
        reply = await self._desk.answer(asker, line)
        await self._desk.post(asker, reply, event.get("thread_ts"), shared=line.shared)

    async def _on_home(self, body: Body) -> None:
        if body["event"].get("tab", "home") == "home":
            self._begin(body["event_id"], self._home(body["team_id"], body["event"]["user"]))

    async def _home(self, team: str, user: str) -> None:
        asker = await self._asker(team, "", user)
        if not self._desk.too_fast(asker):  # a home tab stays as it was
            await self.forms.show_home(asker)

    async def _on_removed(self, body: Body) -> None:
        self._begin(body["event_id"], self._memory.forget(body["team_id"]))

    async def _on_revoked(self, body: Body) -> None:
        """Users' tokens are none of ours; the bot's own is all that lets us speak."""
        if (body["event"].get("tokens") or {}).get("bot"):
            self._begin(body["event_id"], self._memory.forget(body["team_id"]))

    async def _on_button(self, ack: Ack, body: Body, respond: Respond) -> None:
        await ack()
        if not self._is_double(body):
            self._begin(body["trigger_id"], self._button(body, respond))

    async def _button(self, body: Body, respond: Respond) -> None:
        asker, line = await self._clicker(body), Line(_chosen(body))
        if body["actions"][0]["action_id"] == "do:details" or "response_url" not in body:
            await self.forms.details(asker, line, body["trigger_id"])
        else:
            await self._desk.tell(respond, await self._desk.answer(asker, line))

    async def _on_share(self, ack: Ack, body: Body, respond: Respond) -> None:
        await ack()
        # One answer is shared once, however often somebody clicks.
        self._begin(f"share {_chosen(body)}", self._share(body, respond))

    async def _share(self, body: Body, respond: Respond) -> None:
        answer = self._desk.remembered(_chosen(body))
        await self._desk.tell(respond, answer or Message(FORGOTTEN), shared=answer is not None)

    async def _on_form(self, ack: Ack, body: Body) -> None:
        await ack()
        if not self._is_double(body):
            self._begin(body["trigger_id"], self._form(body))

    async def _form(self, body: Body) -> None:
        channel = body["actions"][0]["action_id"].removeprefix("form:")
        asker = await self._asker(_team(body), channel, body["user"]["id"])
        await self.forms.open_wishes(asker, body["trigger_id"])

    async def _on_preview(self, ack: Ack, body: Body) -> None:
        await ack()
        if not self._is_double(body):
            self._begin(body["trigger_id"], self._preview(body))

    async def _preview(self, body: Body) -> None:
        asker = await self._asker(_team(body), "", body["user"]["id"])
        await self.forms.preview(asker, body["view"]["state"]["values"], body["trigger_id"])

    async def _on_zones(self, ack: Ack, body: Body) -> None:
        await ack(options=offered_zones(body.get("value", "")))

    async def _on_wishes(self, ack: Ack, body: Body) -> None:
        await ack(response_action="update", view=WORKING)
        view = body["view"]
        self._begin(f"view {view['id']} {view.get('hash', '')}", self._wishes(body))

    async def _wishes(self, body: Body) -> None:
        asker = await self._asker(_team(body), "", body["user"]["id"])
        await self.forms.submitted(asker, body["view"]["state"]["values"], body["view"]["id"])

    async def _on_shortcut(self, ack: Ack, body: Body) -> None:
        await ack()
        self._begin(body["trigger_id"], self._shortcut(body))

    async def _shortcut(self, body: Body) -> None:
        asker = await self._asker(_team(body), body["channel"]["id"], body["user"]["id"])
        await self.forms.judge(asker, links_in(body["message"]), body["trigger_id"])

    async def _clicker(self, body: Body) -> Asker:
        channel = (body.get("channel") or {}).get("id") or (body.get("container") or {}).get("channel_id") or ""
        return await self._asker(_team(body), channel, body["user"]["id"])

    def _is_double(self, body: Body) -> bool:
        """Whether the same person has just clicked the same thing: two clicks, two triggers, one wish."""
        action, now = body["actions"][0], asyncio.get_running_loop().time()
        place = (body.get("container") or {}).get("message_ts") or (body.get("view") or {}).get("id")
        click = f"{_team(body)} {body['user']['id']} {place} {action['action_id']} {_chosen(body)}"
        self._clicks = {known: at for known, at in self._clicks.items() if now - at < DOUBLE}
        is_double = click in self._clicks
        self._clicks.setdefault(click, now)
        return is_double

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
            if await self._memory.is_first(key):
                await work
        except Exception:
            LOG.exception("Slack: an answer failed")
        finally:
            work.close()


def _team(body: Body) -> str:
    """The workspace, by Slack's own word; for an organisation's user, the one where the app stands."""
    return str((body.get("team") or {}).get("id") or body["user"].get("team_id", ""))


def _chosen(body: Body) -> str:
    """The value of the element that was used."""
    action = body["actions"][0]
    return str((action.get("selected_option") or action).get("value", ""))


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
