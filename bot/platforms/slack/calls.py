"""Calls of Slack's Web API, with every failure a value (the owner of slack_sdk's clients)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncConnectionErrorRetryHandler, AsyncServerErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.platforms.hours import Hours
from bot.platforms.pace import Pace, Rate
from bot.platforms.slack.diary import SDK_LOG
from bot.platforms.slack.teams import Team

SLACK = "https://slack.com/api/"
TIMEOUT = 30
"""Seconds for one call."""

WORKSPACE, CHANNEL = Rate(4, 8), Rate(1)
"""Slack takes about one message a second for a channel, and several hundred a minute for a workspace."""


@dataclass(frozen=True, slots=True)
class Answered:
    """Slack did what was asked. `scopes` are those of the token, where Slack told them."""

    data: Mapping[str, Any]
    scopes: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """Slack surely did not do it: its error code, or "ratelimited" with its wish; the scope that it missed, if any."""

    code: str
    retry_after: timedelta | None = None
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Lost:
    """No usable answer. `unsent` when no connection was made, so that Slack surely knows nothing of it."""

    reason: str
    unsent: bool = False


Outcome = Answered | Refused | Lost


class Calls:
    """Slack's Web API at `base_url`, which ends with a slash."""

    def __init__(self, base_url: str = SLACK) -> None:
        self.base_url = base_url
        self.hours = Hours()
        self._paces: defaultdict[str, Pace] = defaultdict(lambda: Pace(WORKSPACE, CHANNEL))

    def client(self, token: str | None = None, *, retries: bool = True) -> AsyncWebClient:
        """A client for one workspace. It costs nothing to make, for it holds no connection."""
        handlers = [AsyncConnectionErrorRetryHandler(), AsyncServerErrorRetryHandler()] if retries else []
        return AsyncWebClient(
            token=token, base_url=self.base_url, timeout=TIMEOUT, retry_handlers=handlers, logger=SDK_LOG
        )

    async def read(self, token: str, method: str, **arguments: object) -> Outcome:
        """Ask for something, or do what may be done twice: tried again where the connection or Slack fails."""
        return await self._call(self.client(token), method, data=arguments)

    async def write(self, token: str, method: str, **arguments: object) -> Outcome:
        """Do something that must not be done twice: never tried again here.

        slack_sdk's own client posts a second time when the answer to the first is lost.
        """
        return await self._call(self.client(token, retries=False), method, json=arguments)

    async def post(self, team: Team, method: str, channel: str, **arguments: object) -> Outcome:
        """As `write`, when it is the channel's turn. "ratelimited" where that would take too long, or Slack says so."""
        pace = self._paces[team.id]
        if (wait := await pace.turn(channel)) is not None:
            return Refused("ratelimited", wait)
        outcome = await self.write(team.token, method, channel=channel, **arguments)
        if isinstance(outcome, Refused) and outcome.code == "ratelimited":
            pace.heard(429, place=channel, retry_after=outcome.retry_after or timedelta(seconds=30))
        return outcome

    async def write_anonymously(self, method: str, **arguments: object) -> Outcome:
        """As `write`, for the one method that is asked before there is a token."""
        return await self._call(self.client(retries=False), method, data=arguments)

    async def _call(self, client: AsyncWebClient, method: str, **body: dict[str, Any]) -> Outcome:
        try:
            response = await client.api_call(method, **body)  # type: ignore[arg-type]
        except SlackApiError as error:
            self._heard(error.response)
            return _refusal(error.response)
        except TimeoutError:
            return Lost(f"Slack did not answer within {TIMEOUT} seconds")
        except Exception as error:
            # aiohttp tells a connection that was never made by the error of the system that it carries.
            unsent = hasattr(error, "os_error")
            how = "cannot be reached" if unsent else "broke off"
            return Lost(f"Slack {how} ({type(error).__name__})", unsent=unsent)
        self._heard(response)
        data = response.data
        if not isinstance(data, dict):
            return Lost("Slack answered something else than JSON")
        scopes = _header(response.headers, "x-oauth-scopes")
        return Answered(data, None if scopes is None else frozenset(scopes.replace(" ", "").split(",")))

    def _heard(self, response: object) -> None:
        if isinstance(response, AsyncSlackResponse):
            self.hours.heard(_header(response.headers, "date"))


def _refusal(response: object) -> Outcome:
    """What an answer that is not ok means; one of Slack's servers or of a proxy's own says nothing for sure."""
    if not isinstance(response, AsyncSlackResponse):
        return Lost("Slack's answer could not be read")
    if response.status_code == 429:
        return Refused("ratelimited", _retry_after(response.headers))
    data = response.data if isinstance(response.data, dict) else {}
    code = data.get("error")
    if code is None or response.status_code >= 500:
        return Lost(f"Slack answered HTTP {response.status_code}")
    return Refused(str(code), _retry_after(response.headers), str(data.get("needed") or ""))


def _header(headers: Mapping[str, Any], wanted: str) -> str | None:
    return next((str(value) for name, value in headers.items() if name.lower() == wanted), None)


def _retry_after(headers: Mapping[str, Any]) -> timedelta | None:
    value = _header(headers, "retry-after")
    try:
        return None if value is None else timedelta(seconds=min(float(value), 3600.0))
    except ValueError:
        return None
