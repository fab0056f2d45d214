"""A small Discord of our own: the REST calls and the gateway that the bot uses, and people who can be played.

It is written after Discord's documentation and passes the same tests as the stand-in that others wrote. It takes a
nonce once, opens a forum's post with its first message, and refuses what it does not know.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from itertools import count
from typing import Any

from aiohttp import WSMsgType, web

TEXT, NEWS, FORUM, THREAD = 0, 5, 15, 11
EVERYTHING = str((1 << 50) - 1)
EPOCH = 1_420_070_400_000

Answer = tuple[int, Any]


class DiscordServer:
    """One server with four channels, the bot, and Alice."""

    def __init__(self) -> None:
        self._numbers = count(1)
        self.guild, self.bot, self.alice, self.role = (self._id() for _ in range(4))
        kinds = {"news": TEXT, "other": TEXT, "herald": NEWS, "forum": FORUM}
        self.channels = {name: self._id() for name in kinds}
        self._kinds = {self.channels[name]: kind for name, kind in kinds.items()}
        self._messages: dict[str, list[Any]] = {each: [] for each in self._kinds}
        self._threads: list[Any] = []
        self._nonces: dict[tuple[str, str], Any] = {}
        self._interactions: dict[str, Any] = {}
        self._sockets: list[web.WebSocketResponse] = []
        self._permissions = EVERYTHING
        self._sequence = count(1)
        self._commands: list[Any] = []
        self.port = 0

    @asynccontextmanager
    async def open(self) -> AsyncIterator[DiscordServer]:
        """Serve on the loopback until the block ends."""
        app = web.Application()
        app.router.add_get("/gateway", self._gateway)
        app.router.add_route("*", "/api/v10/{rest:.*}", self._rest)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.port = runner.addresses[0][1]
        try:
            yield self
        finally:
            await self._drop(1000)
            await runner.cleanup()

    async def play(self, what: str, **asked: Any) -> Any:
        """Let the people do something, as tests of the other stand-in do."""
        match what:
            case "interaction":
                return await self._interact(**asked)
            case "messages":
                return list(self._messages[asked["channelId"]])
            case "thread":
                return [each for each in self._threads if each["parent_id"] == asked["channelId"]]
            case "unsay":
                self._messages[asked["channelId"]].clear()
            case "permissions":
                self._permissions = asked["permissions"]
            case "drop":
                await self._drop(asked.get("code", 4000))
            case "leave":
                await self._tell("GUILD_DELETE", {"id": self.guild})
            case "join":
                await self._tell("GUILD_CREATE", self._whole_guild())
            case _:
                raise ValueError(what)
        return None

    async def _interact(self, *, type: int, channelId: str, data: Any, messageId: str = "", dm: bool = False) -> Any:  # noqa: N803
        made = {"id": self._id(), "token": f"token-{next(self._numbers)}", "channel": channelId, "message": messageId}
        self._interactions[made["token"]] = made
        known = next((each for each in self._messages[channelId] if each["id"] == messageId), None)
        user = {"id": self.alice, "username": "alice", "discriminator": "0", "avatar": None, "global_name": None}
        member = {"user": user, "roles": [], "joined_at": "2026-01-01T00:00:00+00:00", "deaf": False, "mute": False}
        who: dict[str, Any] = {"user": user, "context": 1}
        if not dm:
            who = {
                "guild_id": self.guild,
                "member": member | {"flags": 0, "permissions": self._permissions},
                "context": 0,
            }
        told = {"id": made["id"], "application_id": self.bot, "type": type, "data": data, "token": made["token"]}
        rest = {"version": 1, "app_permissions": EVERYTHING, "locale": "en-US", "entitlements": []}
        place = {"channel_id": channelId, "channel": self._channel(channelId), "attachment_size_limit": 1}
        owners = {"authorizing_integration_owners": {"0": self.guild}}
        shown = {"message": known} if known else {}
        await self._tell("INTERACTION_CREATE", told | rest | place | owners | who | shown)
        return made

    async def _rest(self, request: web.Request) -> web.Response:
        path = request.path.removeprefix("/api/v10")
        body = await request.json() if request.can_read_body else None
        for method, pattern, handler in self._routes():
            found = re.fullmatch(pattern, path)
            if found and method == request.method:
                status, answer = await handler(body, *found.groups())
                raw = b"" if status == 204 else json.dumps(answer).encode()
                return web.Response(status=status, body=raw, headers={"content-type": "application/json"})
        return web.Response(
            status=404, body=b'{"code": 0, "message": "404: Not Found"}', content_type="application/json"
        )

    def _routes(self) -> tuple[tuple[str, str, Callable[..., Awaitable[Answer]]], ...]:
        return (
            ("GET", "/users/@me", self._me),
            ("GET", "/oauth2/applications/@me", self._application),
            ("PUT", r"/applications/\d+/commands", self._sync),
            ("POST", r"/channels/(\d+)/messages", self._post),
            ("GET", r"/channels/(\d+)/messages", self._history),
            ("GET", r"/channels/(\d+)/messages/(\d+)", self._one),
            ("POST", r"/channels/(\d+)/messages/(\d+)/crosspost", self._one),
            ("POST", r"/channels/(\d+)/threads", self._open_thread),
            ("GET", r"/guilds/\d+/threads/active", self._active),
            ("POST", r"/interactions/\d+/([\w-]+)/callback", self._callback),
            ("PATCH", r"/webhooks/\d+/([\w-]+)/messages/@original", self._edited),
            ("GET", r"/users/(\d+)", self._user),
            ("POST", "/users/@me/channels", self._direct),
        )

    async def _me(self, _: Any) -> Answer:
        return 200, self._bot_user()

    async def _application(self, _: Any) -> Answer:
        known = {"id": self.bot, "name": "Pactwire", "description": "", "icon": None, "bot_public": True, "flags": 0}
        more = {"summary": "", "verify_key": "0", "bot_require_code_grant": False, "team": None}
        return 200, {**known, **more, "owner": self._bot_user()}

    async def _sync(self, body: Any) -> Answer:
        self._commands = [each | {"id": self._id(), "application_id": self.bot, "version": "1"} for each in body]
        return 200, self._commands

    async def _post(self, body: Any, channel: str) -> Answer:
        if channel not in self._messages:
            return 404, {"code": 10003, "message": "Unknown Channel"}
        nonce = (channel, str(body.get("nonce")))
        if body.get("enforce_nonce") and nonce in self._nonces:
            return 200, self._nonces[nonce]
        self._nonces[nonce] = made = self._message(channel, body, self._id())
        return 200, made

    async def _history(self, _: Any, channel: str) -> Answer:
        return 200, list(reversed(self._messages.get(channel, [])))

    async def _one(self, _: Any, channel: str, message: str) -> Answer:
        found = next((each for each in self._messages.get(channel, []) if each["id"] == message), None)
        return (200, found) if found else (404, {"code": 10008, "message": "Unknown Message"})

    async def _open_thread(self, body: Any, parent: str) -> Answer:
        thread = self._channel(self._id()) | {"name": body["name"], "type": THREAD, "parent_id": parent}
        state = {"archived": False, "auto_archive_duration": 1440, "locked": False}
        state["archive_timestamp"] = "2026-01-01T00:00:00+00:00"  # type: ignore[assignment]
        thread |= {"owner_id": self.bot, "message_count": 0, "member_count": 1, "thread_metadata": state}
        self._threads.append(thread)
        self._messages[thread["id"]] = []
        first = self._message(thread["id"], body["message"], thread["id"])
        return 201, {**thread, "message": first}

    async def _active(self, _: Any) -> Answer:
        return 200, {"threads": self._threads, "members": []}

    async def _callback(self, body: Any, token: str) -> Answer:
        asked = self._interactions[token]
        if asked.get("answered"):
            return 400, {"code": 40060, "message": "Interaction has already been acknowledged."}
        asked["answered"] = True
        interaction: dict[str, Any] = {"id": asked["id"], "type": 2, "response_message_ephemeral": True}
        shown = self._message(asked["channel"], body["data"], self._id()) if body["type"] == 4 else None
        resource = {"resource": {"type": 4, "message": shown}} if shown else {}
        return 200, {"interaction": interaction, **resource}

    async def _edited(self, body: Any, token: str) -> Answer:
        return 200, self._message(self._interactions[token]["channel"], {**body, "flags": 64}, self._id())

    async def _user(self, _: Any, user: str) -> Answer:
        return 200, self._bot_user() | {"id": user, "bot": False}

    async def _direct(self, body: Any) -> Answer:
        self.channels.setdefault("direct", self._id())
        self._messages.setdefault(self.channels["direct"], [])
        return 200, {
            "id": self.channels["direct"],
            "type": 1,
            "recipients": [{**self._bot_user(), "id": body["recipient_id"]}],
        }

    def _message(self, channel: str, body: Any, number: str) -> Any:
        fields = {"id": number, "channel_id": channel, "author": self._bot_user(), "content": body.get("content") or ""}
        shown = {name: body.get(name, []) for name in ("embeds", "components")} | {"flags": body.get("flags", 0)}
        stamp = {"timestamp": "2026-11-23T09:00:00+00:00", "edited_timestamp": None, "tts": False, "pinned": False}
        rest = {"mention_everyone": False, "mentions": [], "mention_roles": [], "attachments": [], "type": 0}
        made = {**fields, **shown, **stamp, **rest}
        self._messages[channel].append(made)
        return made

    async def _gateway(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"op": 10, "d": {"heartbeat_interval": 45_000}, "s": None, "t": None})
        async for said in socket:
            if said.type is not WSMsgType.TEXT:
                break
            match json.loads(said.data)["op"]:
                case 1:
                    await socket.send_json({"op": 11, "d": None, "s": None, "t": None})
                case 2:
                    self._sockets.append(socket)
                    await self._tell("READY", self._hello())
                    await self._tell("GUILD_CREATE", self._whole_guild())
                case 6:
                    await socket.send_json({"op": 9, "d": False, "s": None, "t": None})
        return socket

    async def _tell(self, event: str, data: Any) -> None:
        for socket in [each for each in self._sockets if not each.closed]:
            await socket.send_json({"op": 0, "d": data, "s": next(self._sequence), "t": event})

    async def _drop(self, code: int) -> None:
        sockets, self._sockets = self._sockets, []
        for socket in sockets:
            await socket.close(code=code)

    def _hello(self) -> Any:
        application = {"id": self.bot, "flags": 0}
        guilds = [{"id": self.guild, "unavailable": True}]
        resume = f"ws://127.0.0.1:{self.port}/gateway"
        session = {"session_id": "s1", "resume_gateway_url": resume}
        return {"v": 10, "user": self._bot_user(), "guilds": guilds, "application": application, **session}

    def _whole_guild(self) -> Any:
        everyone = {"id": self.guild, "name": "@everyone", "permissions": EVERYTHING, "position": 0, "color": 0}
        everyone |= {"hoist": False, "managed": False, "mentionable": False, "flags": 0}
        partners = everyone | {"id": self.role, "name": "Partners", "permissions": "0", "mentionable": True}
        joined = "2026-01-01T00:00:00+00:00"
        me = {"user": self._bot_user(), "roles": [], "joined_at": joined, "deaf": False, "mute": False, "flags": 0}
        channels = [self._channel(each) for each in self._kinds]
        told = {
            "id": self.guild,
            "name": "Test server",
            "owner_id": self.alice,
            "roles": [everyone, partners],
            "members": [me],
        }
        settings = {"verification_level": 0, "default_message_notifications": 0, "explicit_content_filter": 0}
        more = {"mfa_level": 0, "nsfw_level": 0, "premium_tier": 0, "preferred_locale": "en-US", "features": []}
        empty: dict[str, list[Any]] = {
            name: [] for name in ("emojis", "stickers", "threads", "voice_states", "presences")
        }
        empty |= {name: [] for name in ("stage_instances", "guild_scheduled_events", "soundboard_sounds")}
        places = {"system_channel_id": self.channels["news"], "system_channel_flags": 0, "afk_timeout": 300}
        return {**told, **settings, **more, **empty, **places, "channels": channels, "member_count": 2}

    def _channel(self, number: str) -> Any:
        name = next((name for name, each in self.channels.items() if each == number), "thread")
        tags = [{"id": "1", "name": "new", "moderated": False, "emoji_id": None, "emoji_name": None}]
        forum = {"available_tags": tags, "default_sort_order": None, "default_forum_layout": 0}
        kind = self._kinds.get(number, TEXT)
        plain = {"id": number, "type": kind, "name": name, "guild_id": self.guild, "position": 0, "flags": 0}
        return {**plain, "permission_overwrites": [], "parent_id": None, **(forum if kind == FORUM else {})}

    def _bot_user(self) -> dict[str, Any]:
        return {
            "id": self.bot,
            "username": "pactwire",
            "discriminator": "0",
            "avatar": None,
            "global_name": None,
            "bot": True,
        }

    def _id(self) -> str:
        """A snowflake of this moment."""
        return str(((int(time.time() * 1000) - EPOCH) << 22) + next(self._numbers))
