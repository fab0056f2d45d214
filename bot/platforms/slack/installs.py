"""Workspaces that install the app themselves: the pages of OAuth, and the tokens that they bring.

https://docs.slack.dev/authentication/installing-with-oauth/
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from http.cookies import SimpleCookie
from secrets import compare_digest, token_urlsafe
from typing import Protocol
from urllib.parse import urlencode

from bot.platforms.slack.calls import Answered, Calls
from bot.platforms.slack.diary import LOG
from bot.platforms.slack.manifest import SCOPES, lacking
from bot.platforms.slack.seal import Seal
from bot.platforms.slack.teams import Team

AUTHORIZE = "https://slack.com/oauth/v2/authorize"
COOKIE = "pactwire-install"
MINUTES = 10
"""How long an installation may take from its first page to its last."""


class Installed(Protocol):
    """What is kept of one installation."""

    @property
    def workspace(self) -> str: ...
    @property
    def token(self) -> str: ...
    @property
    def bot_user(self) -> str: ...
    @property
    def bot(self) -> str: ...


class Register(Protocol):
    """Where installations are kept."""

    async def get(self, team: str) -> Installed | None:
        """The workspace's installation."""
        ...

    async def save(self, team: Team, installed_by: str) -> None:
        """Keep it; its token is sealed already."""
        ...

    async def begin(self, state: str, minutes: int) -> None:
        """An installation begins."""
        ...

    async def end(self, state: str) -> bool:
        """Whether it had begun, and in time; it counts once."""
        ...


@dataclass(frozen=True, slots=True)
class Page:
    """What a browser is shown."""

    status: int
    html: str = ""
    headers: tuple[tuple[str, str], ...] = ()


class ManyTeams:
    """The workspaces that are kept in the register. Nothing is remembered here, so that a removal counts at once."""

    is_ready = True

    def __init__(self, register: Register, seal: Seal) -> None:
        self._register = register
        self._seal = seal

    async def get(self, team: str) -> Team | None:
        kept = await self._register.get(team)
        return Team(kept.workspace, self._seal.open(kept.token), kept.bot_user, kept.bot) if kept else None


class Installer:
    """The two pages of OAuth: one sends people to Slack, the other takes them back."""

    def __init__(self, calls: Calls, register: Register, seal: Seal, client: tuple[str, str], public_url: str) -> None:
        self._calls = calls
        self._register = register
        self._seal = seal
        self._id, self._secret = client
        self._redirect = f"{public_url.rstrip('/')}/slack/oauth_redirect"
        self._is_secure = public_url.startswith("https://")

    async def install(self) -> Page:
        """Begin: off to Slack, with a state that only this browser knows."""
        state = token_urlsafe(24)
        await self._register.begin(state, MINUTES)
        asked = {"client_id": self._id, "scope": ",".join(SCOPES), "state": state, "redirect_uri": self._redirect}
        secure = "; Secure" if self._is_secure else ""
        cookie = f"{COOKIE}={state}; Max-Age={MINUTES * 60}; Path=/slack; HttpOnly; SameSite=Lax{secure}"
        return Page(302, headers=(("Location", f"{AUTHORIZE}?{urlencode(asked)}"), ("Set-Cookie", cookie)))

    async def finish(self, query: Mapping[str, str], cookie: str) -> Page:
        """End: Slack sent the browser back with a code, which is exchanged for the workspace's token."""
        if error := query.get("error"):
            return _page(400, f"Slack says: {error}. Nothing was installed.")
        state = query.get("state", "")
        if not state.isascii() or not compare_digest(_state_in(cookie), state) or not await self._register.end(state):
            return _page(401, "This installation was not begun here, or took too long. Please begin again.")
        outcome = await self._calls.write_anonymously(
            "oauth.v2.access",
            code=query.get("code", ""),
            client_id=self._id,
            client_secret=self._secret,
            redirect_uri=self._redirect,
        )
        if not isinstance(outcome, Answered):
            LOG.warning("Slack: an installation failed: %s", outcome)
            return _page(502, "Slack did not confirm the installation. Please begin again.")
        return await self._save(outcome)

    async def _save(self, outcome: Answered) -> Page:
        data = outcome.data
        team = str((data.get("team") or {}).get("id") or "")
        token = str(data.get("access_token") or "")
        if not team or not token.startswith("xoxb-"):
            return _page(400, "Pactwire is installed for one workspace at a time, not for a whole organisation.")
        told = await self._calls.read(token, "auth.test")
        bot = str(told.data.get("bot_id", "")) if isinstance(told, Answered) else ""
        if isinstance(told, Answered) and (advice := lacking(told.scopes)):
            LOG.warning("Slack, %s: %s", team, advice)
        made = Team(team, self._seal.close(token), str(data.get("bot_user_id") or ""), bot)
        await self._register.save(made, str((data.get("authed_user") or {}).get("id") or ""))
        LOG.info("Slack: installed in %s", team)
        return _page(200, "Pactwire is installed. Go to Slack and write /deals help in any channel.")


def _state_in(cookie: str) -> str:
    jar: SimpleCookie = SimpleCookie()
    try:
        jar.load(cookie)
    except Exception:
        return ""
    value = jar[COOKIE].value if COOKIE in jar else ""
    return value if value.isascii() and value else "-"


def _page(status: int, words: str) -> Page:
    html = f"<!doctype html><meta charset=utf-8><title>Pactwire</title><p>{escape(words)}</p>"
    return Page(status, html)
