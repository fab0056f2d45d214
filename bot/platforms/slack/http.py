"""HTTP mode: Slack sends its events to a public address of ours, signed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.platforms.slack.diary import LOG
from bot.platforms.slack.installs import Installer
from bot.platforms.slack.signature import Verifier

EVENTS, INSTALL, REDIRECT = "/slack/events", "/slack/install", "/slack/oauth_redirect"

LONGEST = 1_000_000
"""Bytes of one request; Slack's own stay far below."""


NOTED_EVERY = 600
"""Seconds between two words in the log about requests that are not signed by Slack."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What is answered to one HTTP request."""

    status: int
    body: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    content_type: str = "text/plain"


class Entrance:
    """Answers HTTP requests. Without an installer there are no pages to install from."""

    def __init__(
        self, app: AsyncApp, verifier: Verifier, installer: Installer | None, seconds: Callable[[], float]
    ) -> None:
        self._app = app
        self._verifier = verifier
        self._installer = installer
        self._seconds = seconds
        self._noted = float("-inf")

    async def answer(
        self, method: str, path: str, query: str, headers: Sequence[tuple[str, str]], body: bytes
    ) -> Reply:
        """The reply to one request; `headers` as they came, for one that stands twice is no small thing here."""
        if method == "POST" and path == EVENTS:
            return await self._event(headers, body)
        if method == "GET" and path == INSTALL and self._installer:
            page = await self._installer.install()
        elif method == "GET" and path == REDIRECT and self._installer:
            cookie = "; ".join(_all(headers, "cookie"))
            page = await self._installer.finish(dict(parse_qsl(query)), cookie)
        else:
            return Reply(404, "Nothing stands here")
        return Reply(page.status, page.html, page.headers, "text/html")

    async def _event(self, headers: Sequence[tuple[str, str]], body: bytes) -> Reply:
        """Signature first: nothing of a request that is not Slack's is parsed."""
        timestamps, signatures = _all(headers, "x-slack-request-timestamp"), _all(headers, "x-slack-signature")
        if len(body) > LONGEST or not self._verifier.accepts(timestamps, signatures, body, self._seconds()):
            self._note_refusal()
            return Reply(401, "The signature does not fit")
        try:
            text = body.decode("utf-8")
        except UnicodeDecodeError:
            return Reply(400, "That is not text")
        response = await self._app.async_dispatch(AsyncBoltRequest(body=text, headers=_grouped(headers)))
        content_type = (response.headers.get("content-type") or ["text/plain"])[0].partition(";")[0]
        return Reply(response.status, response.body or "", content_type=content_type)

    def _note_refusal(self) -> None:
        """Say in the log what is probably wrong; not for every request, for anybody on the net may send some."""
        now = self._seconds()
        if now - self._noted >= NOTED_EVERY:
            self._noted = now
            LOG.warning(
                "Slack: a request's signature does not fit. Where /deals does nothing: set the Signing Secret of this "
                "app's Basic Information anew, and look whether this machine's clock is right"
            )


def _all(headers: Sequence[tuple[str, str]], name: str) -> list[str]:
    return [value for key, value in headers if key.lower() == name]


def _grouped(headers: Sequence[tuple[str, str]]) -> dict[str, str | Sequence[str]]:
    grouped: dict[str, list[str]] = {}
    for key, value in headers:
        grouped.setdefault(key.lower(), []).append(value)
    return {**grouped}
