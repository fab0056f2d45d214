"""Socket Mode: Slack's events come through a connection that we open, so that no public address is needed."""

from __future__ import annotations

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp

from bot.errors import PactwireError
from bot.platforms.slack.calls import Answered, Calls, Lost, Refused
from bot.platforms.slack.diary import LOG, SDK_LOG
from bot.platforms.slack.manifest import lacking
from bot.platforms.slack.remedies import PASSING
from bot.platforms.slack.teams import Team

PING = 5.0
"""Seconds between pings; a connection silent for four of them is replaced."""


class Socket:
    """The connection; it renews itself until it is closed."""

    def __init__(self, app: AsyncApp, calls: Calls, token: str) -> None:
        self._calls = calls
        self._token = token
        self._app = app
        self._handler: AsyncSocketModeHandler | None = None

    async def open(self) -> None:
        """Connect. PactwireError says what is wrong with the app-level token."""
        outcome = await self._calls.read(self._token, "apps.connections.open")
        if isinstance(outcome, Refused) and outcome.code not in PASSING:
            raise PactwireError(_refusal(outcome.code))
        # The handler opens its client session at once, so it is made within the loop.
        self._handler = AsyncSocketModeHandler(
            self._app, self._token, logger=SDK_LOG, web_client=self._calls.client(), ping_interval=PING
        )
        if isinstance(outcome, Answered):
            self._handler.client.wss_uri = outcome.data["url"]
        await self._handler.connect_async()  # type: ignore[no-untyped-call]

    async def close(self) -> None:
        """Disconnect for good."""
        if self._handler:
            await self._handler.close_async()  # type: ignore[no-untyped-call]


async def whoami(calls: Calls, token: str) -> Team | None:
    """The workspace of a bot token; None while Slack cannot be reached. PactwireError says what is wrong with it."""
    outcome = await calls.read(token, "auth.test")
    match outcome:
        case Answered(data, scopes):
            if advice := lacking(scopes):
                LOG.warning("Slack: %s", advice)
            return Team(str(data["team_id"]), token, str(data.get("user_id", "")), str(data.get("bot_id", "")))
        case Refused(code) if code not in PASSING:
            raise PactwireError(
                f"Slack refuses the bot token ({code}). Copy the Bot User OAuth Token, which begins with xoxb-, from "
                "OAuth & Permissions of your app, and install the app to the workspace if it is not."
            )
        case Lost() | Refused():
            return None


def _refusal(code: str) -> str:
    if code == "missing_scope":
        return "Slack refuses the app-level token: it needs the scope connections:write. Make a new one with it."
    return (
        f"Slack refuses the app-level token ({code}). Make one with the scope connections:write under Basic "
        "Information, App-Level Tokens; it begins with xapp-. Socket Mode has to be switched on as well."
    )
