"""A Slack of our own on the loopback: Web API, Socket Mode and response_urls, with Slack's own rules enforced.

It refuses what Slack refuses (scopes, membership, archived channels, one message a second a channel, history once a
minute, block limits) and notes in `violations` what Slack would show badly. `faults` holds what shall go wrong next.
"""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Self

from aiohttp import WSMsgType, web
from slack_sdk.models.blocks import Block

BOT_TOKEN, APP_TOKEN = "xoxb-canary-bot-token", "xapp-canary-app-token"
TEAM, BOT_USER, BOT = "T0TEAM", "U0BOT", "B0BOT"

SCOPES = {
    "chat.postMessage": ("chat:write",),
    "chat.postEphemeral": ("chat:write",),
    "chat.update": ("chat:write",),
    "conversations.info": ("channels:read",),
    "conversations.history": ("channels:history",),
    "conversations.replies": ("channels:history",),
    "conversations.join": ("channels:join",),
    "users.info": ("users:read",),
}
"""The scope each method asks for; for private channels the same word begins with groups."""

EVERY_SCOPE = frozenset((
    "app_mentions:read", "channels:history", "channels:join", "channels:read", "chat:write", "commands",
    "groups:history", "groups:read", "im:history", "users:read",
))  # fmt: skip

Json = dict[str, Any]


@dataclass
class Place:
    """One channel."""

    id: str
    creator: str = "U0CREATOR"
    private: bool = False
    archived: bool = False
    members: set[str] = field(default_factory=set)
    messages: list[Json] = field(default_factory=list)
    last: float = float("-inf")


@dataclass
class Asked:
    """One envelope that was sent, and what came back: when the acknowledgement, and which answers to its URL."""

    envelope: Json
    sent: float
    acknowledged: asyncio.Future[tuple[float, Json]]
    replies: list[Json] = field(default_factory=list)


class SlackServer:
    """Start it with `async with`; `url` is the API base."""

    def __init__(self, *, scopes: frozenset[str] = EVERY_SCOPE) -> None:
        self.scopes = scopes
        self.places = {"C1": Place("C1", members={BOT_USER}), "D1": Place("D1", members={BOT_USER})}
        self.admins = {"U0ADMIN"}
        self.tokens = {BOT_TOKEN: TEAM}
        self.revoked: dict[str, str] = {}
        self.calls: list[tuple[str, Json]] = []
        self.violations: list[str] = []
        self.faults: defaultdict[str, list[str]] = defaultdict(list)
        self.views: dict[str, Json] = {}
        self.homes: dict[str, Json] = {}
        self.codes: dict[str, Json] = {}
        self.asked: dict[str, Asked] = {}
        self.sockets: list[web.WebSocketResponse] = []
        self.opened = 0
        self.minute = 60.0  # between two readings of history
        self._changed = asyncio.Condition()
        self._number = count(1)
        self._history_at = float("-inf")
        self._runner: web.AppRunner | None = None
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/api/"

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_post("/api/{method}", self._api)
        app.router.add_post("/respond/{envelope}", self._respond)
        app.router.add_get("/socket", self._socket)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.port = int(self._runner.addresses[0][1])
        return self

    async def __aexit__(self, *_: object) -> None:
        for socket in self.sockets:
            await socket.close()
        if self._runner:
            await self._runner.cleanup()

    # what tests do and look at

    async def until(self, holds: Callable[[], bool], seconds: float = 5.0) -> None:
        """Wait until something holds; it is looked at again after every call, answer and connection."""
        async with asyncio.timeout(seconds), self._changed:
            await self._changed.wait_for(holds)

    def shown(self, place: str) -> list[Json]:
        """The messages of a channel, oldest first."""
        return self.places[place].messages

    def named(self, method: str) -> list[Json]:
        """The arguments of every call of a method."""
        return [arguments for name, arguments in self.calls if name == method]

    async def send(self, kind: str, payload: Json, *, envelope: str | None = None) -> Asked:
        """Send an envelope and wait for its acknowledgement."""
        envelope = envelope or f"e{next(self._number)}"
        loop = asyncio.get_running_loop()
        asked = self.asked[envelope] = Asked({}, loop.time(), loop.create_future())
        if kind in {"slash_commands", "interactive"}:
            payload = {"response_url": f"http://127.0.0.1:{self.port}/respond/{envelope}", **payload}
        asked.envelope = {"envelope_id": envelope, "type": kind, "payload": payload, "accepts_response_payload": True}
        await self.sockets[-1].send_json(asked.envelope)
        async with asyncio.timeout(5):
            await asked.acknowledged
        return asked

    def expect(self, envelope: str) -> Asked:
        """Take the answers to this response_url from now on, as those of an envelope that came by HTTP."""
        loop = asyncio.get_running_loop()
        self.asked[envelope] = Asked({}, loop.time(), loop.create_future())
        return self.asked[envelope]

    async def until_true(self, ask: Callable[[], Awaitable[object]], *, wanted: object) -> None:
        """Ask again and again until the answer is the wanted one."""
        async with asyncio.timeout(5):
            while await ask() != wanted:  # noqa: ASYNC110  # what is kept tells nobody when it changes
                await asyncio.sleep(0.01)

    async def slash(self, text: str, *, user: str = "U0ADMIN", place: str = "C1", **changes: Any) -> Asked:
        """Somebody types /deals."""
        payload = {
            "command": "/deals", "text": text, "team_id": TEAM, "channel_id": place, "user_id": user,
            "trigger_id": f"t{next(self._number)}", "api_app_id": "A1",
        }  # fmt: skip
        return await self.send("slash_commands", payload | changes)

    async def ask(self, text: str, **changes: Any) -> Asked:
        """Somebody types /deals and waits for the answer."""
        asked = await self.slash(text, **changes)
        await self.until(lambda: bool(asked.replies))
        return asked

    async def event(self, event: Json, *, team: str = TEAM, id: str | None = None) -> Asked:
        """Something happened."""
        payload = {
            "type": "event_callback", "team_id": team, "event_id": id or f"Ev{next(self._number)}", "event": event,
            "authorizations": [{"team_id": team, "user_id": BOT_USER, "is_bot": True}],
        }  # fmt: skip
        return await self.send("events_api", payload)

    async def act(self, payload: Json, *, user: str = "U0ADMIN", team: str = TEAM) -> Asked:
        """Somebody uses a button, a form, a menu or a shortcut."""
        base = {
            "team": {"id": team, "domain": "t"}, "user": {"id": user, "team_id": team}, "api_app_id": "A1",
            "trigger_id": f"t{next(self._number)}",
        }  # fmt: skip
        return await self.send("interactive", base | payload)

    async def click(self, action: Json, *, place: str = "C1", ts: str = "1.0", **changes: Any) -> Asked:
        """Somebody clicks an element of a message; `action` is the element, an overflow's with its option."""
        payload = {
            "type": "block_actions", "actions": [{"block_id": "b", "action_ts": "1.0"} | action],
            "channel": {"id": place}, "message": {"ts": ts}, "container": {"type": "message", "message_ts": ts},
        }  # fmt: skip
        return await self.act(payload | changes)

    # what Slack does

    async def _note(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    async def _api(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        arguments = await _arguments(request)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        self.calls.append((method, arguments))
        fault = self.faults[method].pop(0) if self.faults[method] else ""
        if fault.startswith("refuse:"):
            answer: Json = {"ok": False, "error": fault.removeprefix("refuse:")}
        elif fault == "429":
            await self._note()
            return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": "1"})
        elif fault == "gateway":
            await self._note()
            return web.Response(status=502, text="<html>bad gateway</html>", content_type="text/html")
        else:
            answer = self._answer(method, arguments, token)
        await self._note()
        if fault == "drop":
            assert request.transport
            request.transport.abort()
        if fault == "error after":
            return web.json_response({"ok": False, "error": "internal_error"}, status=500)
        if answer.get("error") == "ratelimited":
            return web.json_response(answer, status=429, headers={"Retry-After": str(answer.pop("wait"))})
        return web.json_response(answer, headers={"X-OAuth-Scopes": ",".join(sorted(self.scopes))})

    def _answer(self, method: str, arguments: Json, token: str) -> Json:
        if method == "apps.connections.open":
            if token != APP_TOKEN:
                return _no("invalid_auth")
            return {"ok": True, "url": f"ws://127.0.0.1:{self.port}/socket?ticket=canary-ticket"}
        if method == "oauth.v2.access":
            return self.codes.pop(arguments.get("code", ""), _no("invalid_code"))
        if token in self.revoked or token not in self.tokens:
            return _no(self.revoked.get(token, "invalid_auth"))
        place = self.places.get(str(arguments.get("channel", "")))
        missing = [scope for scope in _scopes(method, place) if scope not in self.scopes]
        if missing:
            return {"ok": False, "error": "missing_scope", "needed": missing[0], "provided": ",".join(self.scopes)}
        does = getattr(self, f"_{method.replace('.', '_').lower()}", None)
        if does is None:
            return _no("unknown_method")
        answer: Json = does(arguments, self.tokens[token])
        return answer

    def _auth_test(self, arguments: Json, team: str) -> Json:
        return {"ok": True, "team_id": team, "user_id": BOT_USER, "bot_id": BOT, "team": "T", "url": "https://t.slack"}

    def _users_info(self, arguments: Json, team: str) -> Json:
        user = arguments["user"]
        admin = user in self.admins
        return {"ok": True, "user": {"id": user, "team_id": team, "is_admin": admin, "tz": "Europe/Oslo"}}

    def _conversations_info(self, arguments: Json, team: str) -> Json:
        place = self.places.get(arguments["channel"])
        if place is None or (place.private and BOT_USER not in place.members):
            return _no("channel_not_found")
        known = {"id": place.id, "creator": place.creator, "is_archived": place.archived, "name": place.id.lower()}
        return {"ok": True, "channel": known | {"is_member": BOT_USER in place.members, "is_private": place.private}}

    def _conversations_join(self, arguments: Json, team: str) -> Json:
        place = self.places.get(arguments["channel"])
        if place is None or place.private:
            return _no("channel_not_found")
        if place.archived:
            return _no("is_archived")
        place.members.add(BOT_USER)
        return {"ok": True, "channel": {"id": place.id}}

    def _conversations_history(self, arguments: Json, team: str) -> Json:
        now = asyncio.get_running_loop().time()
        if now - self._history_at < self.minute:
            return {"ok": False, "error": "ratelimited", "wait": int(60 - (now - self._history_at)) + 1}
        self._history_at = now
        place = self.places.get(arguments["channel"])
        if place is None:
            return _no("channel_not_found")
        if BOT_USER not in place.members:
            return _no("not_in_channel")
        low, high = float(arguments.get("oldest", 0)), float(arguments.get("latest", "inf"))
        thread = arguments.get("ts")
        inside = [each for each in place.messages if each.get("thread_ts") == thread or each["ts"] == thread]
        found = [each for each in reversed(inside) if low <= float(each["ts"]) <= high]
        start, limit = int(arguments.get("cursor") or 0), min(int(arguments.get("limit", 15)), 15)
        keep = int(arguments.get("include_all_metadata", 0))
        page = found[start : start + limit]
        shown = [{k: v for k, v in each.items() if keep or k != "metadata"} for each in page]
        more = len(found) > start + limit
        cursor = {"next_cursor": str(start + limit) if more else ""}
        return {"ok": True, "messages": shown, "has_more": more, "response_metadata": cursor}

    _conversations_replies = _conversations_history

    def _chat_postmessage(self, arguments: Json, team: str) -> Json:
        where = arguments["channel"]
        place = self.places.setdefault(where, Place(where, members={BOT_USER})) if where[0] == "U" else None
        place = place or self.places.get(where)
        if place is None or (place.private and BOT_USER not in place.members):
            return _no("channel_not_found")
        if place.archived:
            return _no("is_archived")
        if BOT_USER not in place.members:
            return _no("not_in_channel")
        now = asyncio.get_running_loop().time()
        if now - place.last < 0.9:
            return {"ok": False, "error": "ratelimited", "wait": 1}
        if refusal := self._checked("chat.postMessage", arguments):
            return refusal
        place.last = now
        ts = f"{self.clock():.0f}.{next(self._number):06}"
        place.messages.append({"type": "message", "ts": ts, **arguments})
        return {"ok": True, "channel": place.id, "ts": ts}

    def clock(self) -> float:
        """The wall clock that stamps messages."""
        import time

        return time.time()

    def _chat_postephemeral(self, arguments: Json, team: str) -> Json:
        return self._checked("chat.postEphemeral", arguments) or {"ok": True, "message_ts": "1.0"}

    def _views_open(self, arguments: Json, team: str) -> Json:
        view = _view(arguments)
        self._check_blocks("views.open", view["blocks"], most=100)
        if len(view["title"]["text"]) > 24:
            self.violations.append("a modal's title has more than 24 characters")
        id = view["id"] = f"V{next(self._number)}"
        self.views[id] = view
        return {"ok": True, "view": {"id": id, "hash": "1"}}

    _views_push = _views_open

    def _views_update(self, arguments: Json, team: str) -> Json:
        view = _view(arguments)
        self._check_blocks("views.update", view["blocks"], most=100)
        if arguments["view_id"] not in self.views:
            return _no("not_found")
        self.views[arguments["view_id"]] = view | {"id": arguments["view_id"]}
        return {"ok": True, "view": {"id": arguments["view_id"]}}

    def _views_publish(self, arguments: Json, team: str) -> Json:
        view = _view(arguments)
        self._check_blocks("views.publish", view["blocks"], most=100)
        self.homes[arguments["user_id"]] = view
        return {"ok": True, "view": {"id": "VH"}}

    def _checked(self, method: str, arguments: Mapping[str, Any]) -> Json | None:
        """What Slack refuses about a message; what it would only show badly is noted."""
        if not arguments.get("text"):
            self.violations.append(f"{method}: no fallback text beside the blocks")
        if len(arguments.get("text", "")) > 4000:
            self.violations.append(f"{method}: fallback text over 4,000 characters")
        if any(word in json.dumps(arguments) for word in ("<!channel>", "<!here>", "<!everyone>")):
            self.violations.append(f"{method}: mentions everybody")
        # In what one person alone sees, a name calls nobody.
        alone = method == "chat.postEphemeral" or arguments.get("response_type") == "ephemeral"
        if "<@U" in json.dumps(arguments) and not alone:
            self.violations.append(f"{method}: mentions somebody")
        if method == "chat.postMessage" and (arguments.get("link_names") or arguments.get("parse") != "none"):
            self.violations.append(f"{method}: names in the text may become links")
        blocks = arguments.get("blocks", [])
        if len(blocks) > 50:
            return _no("invalid_blocks")
        if _characters(blocks) > 12_000:
            return _no("msg_blocks_too_long")
        self._check_blocks(method, blocks, most=50)
        return None

    def _check_blocks(self, method: str, blocks: list[Json], *, most: int) -> None:
        if len(blocks) > most:
            self.violations.append(f"{method}: {len(blocks)} blocks")
        for block in blocks:
            try:
                known = Block.parse(block)
                assert known is not None, f"unknown type {block.get('type')}"
                known.validate_json()
            except Exception as fault:
                self.violations.append(f"{method}: {block.get('type')}: {fault}")
            self.violations += [f"{method}: {each}" for each in _badly_shown(block)]

    async def _respond(self, request: web.Request) -> web.Response:
        asked = self.asked[request.match_info["envelope"]]
        reply = await request.json()
        if len(asked.replies) == 5:
            return web.Response(status=404, text="used_url")
        asked.replies.append(reply)
        self._checked("response_url", reply)
        await self._note()
        return web.Response(text="ok")

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(heartbeat=None)
        await socket.prepare(request)
        await socket.send_json({"type": "hello", "num_connections": 1, "connection_info": {"app_id": "A1"}})
        self.sockets.append(socket)
        self.opened += 1
        await self._note()
        async for message in socket:
            if message.type is WSMsgType.TEXT and message.data.startswith("{"):
                answer = json.loads(message.data)
                asked = self.asked.get(answer.get("envelope_id", ""))
                if asked and not asked.acknowledged.done():
                    took = asyncio.get_running_loop().time() - asked.sent
                    asked.acknowledged.set_result((took, answer.get("payload") or {}))
        if socket in self.sockets:
            self.sockets.remove(socket)
        await self._note()
        return socket


async def _arguments(request: web.Request) -> Json:
    if request.content_type == "application/json":
        loaded: Json = await request.json()
        return loaded
    return {name: str(value) for name, value in (await request.post()).items()}


def _view(arguments: Json) -> Json:
    view = arguments["view"]
    loaded: Json = json.loads(view) if isinstance(view, str) else dict(view)
    return loaded


def _no(code: str) -> Json:
    return {"ok": False, "error": code}


def _scopes(method: str, place: Place | None) -> tuple[str, ...]:
    scopes = SCOPES.get(method, ())
    if place is not None and place.private:
        return tuple(scope.replace("channels:", "groups:") for scope in scopes)
    return () if place is not None and place.id[0] == "D" and method.startswith("conversations.") else scopes


def _characters(value: Any) -> int:
    if isinstance(value, dict):
        own = len(value["text"]) if isinstance(value.get("text"), str) else 0
        return own + sum(map(_characters, value.values()))
    return sum(map(_characters, value)) if isinstance(value, list) else 0


def _badly_shown(block: Json) -> list[str]:
    """What slack_sdk's validators do not see."""
    faults = []
    text = block.get("text")
    if block["type"] == "header" and text and text["type"] != "plain_text":
        faults.append("a header takes plain text alone")
    for each in (text, *block.get("elements", ()), *block.get("fields", ())):
        shown = each.get("text") if isinstance(each, dict) else None
        if isinstance(shown, str) and not shown.strip():
            faults.append("an empty text")
        if isinstance(shown, str) and block["type"] == "context" and len(shown) > 2000:
            faults.append("a context of more than 2,000 characters")
    return faults
