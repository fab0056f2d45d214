"""Slack over HTTP: signatures before all else, workspaces that install the app themselves, and each sees its own."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import aiohttp
import pytest

from bot.config import Slack as SlackTable
from bot.config import SlackSecrets
from bot.digests.model import Channel
from bot.errors import ConfigError, UserError
from bot.platforms.slack.client import Slack
from bot.slack import open_slack
from tests.builders import announced
from tests.desk import Desk, open_desk
from tests.e2e.slack_bot import ground, running
from tests.e2e.slack_server import SlackServer

SECRET = "canary-signing-secret"


@dataclass
class Http:
    """The bot at an address of ours, and the browser and the Slack that call it."""

    server: SlackServer
    desk: Desk
    url: str
    slack: Slack
    browser: aiohttp.ClientSession

    async def post(self, body: bytes, headers: dict[str, str] | list[tuple[str, str]]) -> tuple[int, str]:
        async with self.browser.post(f"{self.url}/slack/events", data=body, headers=headers) as response:
            return response.status, await response.text()

    async def slash(self, text: str, team: str, **changes: str) -> tuple[int, str]:
        fields = {
            "command": "/deals", "text": text, "team_id": team, "channel_id": "C1", "user_id": "U0ADMIN",
            "trigger_id": f"t{time.monotonic_ns()}", "api_app_id": "A1",
            "response_url": f"http://127.0.0.1:{self.server.port}/respond/{team}",
        }  # fmt: skip
        body = urlencode(fields | changes).encode()
        return await self.post(body, signed(body, self.desk.now.timestamp()))

    async def event(self, event: dict[str, Any], team: str) -> tuple[int, str]:
        body = json.dumps(
            {"type": "event_callback", "team_id": team, "event_id": f"Ev{time.monotonic_ns()}", "event": event}
        ).encode()
        return await self.post(body, signed(body, self.desk.now.timestamp()) | {"Content-Type": "application/json"})

    async def install(self, team: str) -> tuple[int, str]:
        """Somebody goes through the pages of OAuth."""
        token = f"xoxb-canary-{team}"
        self.server.tokens[token] = team
        self.server.codes[f"code-{team}"] = {
            "ok": True, "access_token": token, "bot_user_id": "U0BOT", "team": {"id": team},
            "authed_user": {"id": "U0ADMIN"}, "scope": "chat:write",
        }  # fmt: skip
        async with self.browser.get(f"{self.url}/slack/install", allow_redirects=False) as response:
            state = parse_qs(urlsplit(response.headers["Location"]).query)["state"][0]
        return await self.back(code=f"code-{team}", state=state)

    async def back(self, **query: str) -> tuple[int, str]:
        async with self.browser.get(f"{self.url}/slack/oauth_redirect?{urlencode(query)}") as response:
            return response.status, await response.text()


def signed(body: bytes, at: float, secret: str = SECRET) -> dict[str, str]:
    stamp = str(int(at))
    made = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    form = "application/x-www-form-urlencoded"
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={made}", "Content-Type": form}


@asynccontextmanager
async def open_http(path: Path) -> AsyncIterator[Http]:
    async with SlackServer() as server, open_desk(path) as desk:
        port = await free_port()
        table = SlackTable.model_validate(
            {
                "mode": "http", "api": server.url, "port": port, "client_id": "1.2",
                "public_url": f"http://127.0.0.1:{port}",
            }
        )  # fmt: skip
        secrets = SlackSecrets(None, None, SECRET, "canary-client-secret", "a key of some words")
        slack = open_slack(table, secrets, desk.commands, "deals", ground(desk))
        jar = aiohttp.CookieJar(unsafe=True)
        async with running(slack), aiohttp.ClientSession(cookie_jar=jar) as browser:
            for _ in range(200):
                try:
                    async with browser.get(f"http://127.0.0.1:{port}/"):
                        break
                except aiohttp.ClientConnectionError:
                    await asyncio.sleep(0.01)  # until the port is listened at
            yield Http(server, desk, f"http://127.0.0.1:{port}", slack, browser)


async def free_port() -> int:
    server = await asyncio.start_server(lambda reader, writer: None, "127.0.0.1", 0)
    port = int(server.sockets[0].getsockname()[1])
    server.close()
    await server.wait_closed()
    return port


@pytest.fixture
async def http(tmp_path: Path) -> AsyncIterator[Http]:
    async with open_http(tmp_path) as opened:
        yield opened
        assert opened.server.violations == []


async def replied(http: Http, team: str, text: str) -> str:
    """The answer to a command of this workspace's."""
    http.server.expect(team)
    status, _ = await http.slash(text, team)
    assert status == 200
    await http.server.until(lambda: bool(http.server.asked[team].replies))
    return json.dumps(http.server.asked[team].replies, ensure_ascii=False)


async def test_a_request_that_is_not_slacks_is_refused_before_it_is_parsed(
    http: Http, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("WARNING", "pactwire")
    body, now = b"command=%2Fdeals&text=help", http.desk.now.timestamp()
    good = signed(body, now)
    twice = [*good.items(), ("X-Slack-Signature", good["X-Slack-Signature"])]
    refused: dict[str, dict[str, str] | list[tuple[str, str]]] = {
        "no signature": {"Content-Type": good["Content-Type"]},
        "of another secret": signed(body, now, "another"),
        "of another body": signed(b"text=status", now),
        "301 seconds old": signed(body, now - 301),
        "from the future": signed(body, now + 301),
        "a signed time": good | {"X-Slack-Request-Timestamp": f"+{int(now)}"},
        "no time": good | {"X-Slack-Request-Timestamp": ""},
        "half a signature": good | {"X-Slack-Signature": good["X-Slack-Signature"][:-1]},
        "not even text": good | {"X-Slack-Signature": "v0=\xe9"},
        "given twice": twice,
    }
    for what, headers in refused.items():
        assert (await http.post(body, headers))[0] == 401, what
    broken = b"\xff{" * 20
    assert (await http.post(broken, signed(broken, now, "another")))[0] == 401
    # The operator is told, but nobody can fill the log.
    assert sum("set the Signing Secret" in record.message for record in caplog.records) == 1


async def test_a_signature_counts_once(http: Http) -> None:
    body = b'{"type": "url_verification", "challenge": "c1"}'
    headers = signed(body, http.desk.now.timestamp()) | {"Content-Type": "application/json"}
    status, text = await http.post(body, headers)
    assert (status, json.loads(text)["challenge"]) == (200, "c1")
    assert (await http.post(body, headers))[0] == 401


async def test_two_workspaces_see_their_own_subscriptions_and_the_same_deals(http: Http) -> None:
    assert (await http.install("T1"))[0] == 200
    assert (await http.install("T2"))[0] == 200
    for team in ("T1", "T2"):
        await http.desk.tell(announced(), place=Channel("slack", team, "C1"))
    assert "Subscribed" in await replied(http, "T1", "subscribe days:mon")
    assert "gets no digests yet" in await replied(http, "T2", "settings")
    first, second = await replied(http, "T1", "deal 1"), await replied(http, "T2", "deal 1")
    assert "Deal #1" in first
    assert _facts(first) == _facts(second)
    guild = Channel("discord", "T1", "C1")
    await http.desk.tell(announced(), place=guild)
    assert (await http.desk.ask("deal 1", channel=guild)).title in first
    with pytest.raises(UserError, match="gets no digests yet"):
        await http.desk.ask("settings", channel=guild)
    assert len(await http.desk.storage.subscriptions.of_workspace("slack", "T1")) == 1
    assert await http.desk.storage.subscriptions.of_workspace("slack", "T2") == ()


def _facts(replies: str) -> object:
    """What an answer says, without the ticket of its Share button."""
    return [(reply["text"], reply["blocks"][:-1]) for reply in json.loads(replies)]


async def test_a_token_is_kept_sealed_and_erased_when_the_app_is_removed(http: Http) -> None:
    await http.install("T1")
    kept = await http.desk.storage.installations.get("slack", "T1")
    assert kept is not None
    assert "canary" not in kept.token
    await http.event({"type": "tokens_revoked", "tokens": {"bot": ["U0BOT"]}}, "T1")
    await http.server.until_true(lambda: http.desk.storage.installations.get("slack", "T1"), wanted=None)
    http.server.expect("T1")
    await http.slash("help", "T1")
    await http.server.until(lambda: bool(http.server.asked["T1"].replies))
    assert "not installed in this workspace any more" in json.dumps(http.server.asked["T1"].replies)


async def test_an_installation_that_was_not_begun_here_is_refused(http: Http) -> None:
    assert (await http.back(code="code-T1", state="made-up"))[0] == 401
    await http.install("T1")
    assert (await http.back(code="code-T1", state=""))[0] == 401
    status, text = await http.back(error="<script>access_denied")
    assert status == 400
    assert "<script>" not in text


async def test_what_is_not_there_is_404(http: Http) -> None:
    async with http.browser.get(f"{http.url}/slack/events") as response:
        assert response.status == 404


async def test_a_port_that_is_taken_is_said_in_a_sentence(http: Http) -> None:
    taken = urlsplit(http.url).port
    table = SlackTable.model_validate({"mode": "http", "api": http.server.url, "port": taken})
    secrets = SlackSecrets("xoxb-canary-bot-token", None, SECRET, None, None)
    slack = open_slack(table, secrets, http.desk.commands, "deals", ground(http.desk))
    with pytest.raises(ConfigError, match="cannot be listened at"):
        await slack.run()
