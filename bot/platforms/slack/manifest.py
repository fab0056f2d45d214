"""The app's manifest, made from the table of commands: what an operator pastes into Slack. Pure.

https://docs.slack.dev/reference/app-manifest/
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from bot.platforms.base import Command

SCOPES = {
    "app_mentions:read": "to be answered when people mention the bot",
    "channels:history": "to find out whether a digest arrived, when Slack's answer was lost; nothing else is read",
    "channels:join": "to enter a public channel that was subscribed",
    "channels:read": "to know a channel's creator, and whether it is archived",
    "chat:write": "to post digests and answers",
    "commands": "for the slash command and the message shortcut",
    "groups:history": "as channels:history, for private channels that the bot was invited to",
    "groups:read": "as channels:read, for private channels that the bot was invited to",
    "im:history": "to be written to in direct messages",
    "users:read": "to know who is an admin or an owner, and people's time zones",
}
"""Every scope of the bot, and what it is for. There are no user scopes."""


def lacking(scopes: frozenset[str] | None) -> str | None:
    """What to do about an app whose token has these scopes; None where nothing is known to be missing."""
    missing = [scope for scope in SCOPES if scopes is not None and scope not in scopes]
    if not missing:
        return None
    return (
        f"the app lacks {'the scope' if len(missing) == 1 else 'the scopes'} {', '.join(missing)}: paste the current "
        "manifest under App Manifest, and reinstall the app to the workspace"
    )


EVENTS = ("app_home_opened", "app_mention", "app_uninstalled", "message.im", "tokens_revoked")

_DESCRIPTION = "Partnership news of the cloud and healthcare worlds, as digests on your channel's own timetable."


def manifest(commands: Sequence[Command], root: str, public_url: str | None = None) -> dict[str, Any]:
    """The manifest for Socket Mode; with the public address of an HTTP bot, the one for that."""
    url = f"{public_url.rstrip('/')}/slack/events" if public_url else None
    request = {"request_url": url} if url else {}
    families = list(dict.fromkeys(command.name.split()[0] for command in commands))
    hint = ", ".join(name for name in ("latest", "search", "subscribe", "help") if name in families)
    made: dict[str, Any] = {
        "display_information": {"name": "Pactwire", "description": _DESCRIPTION, "background_color": "#1d3557"},
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "Pactwire", "always_online": True},
            "shortcuts": [
                {
                    "name": "Add as deal",
                    "type": "message",
                    "callback_id": "add_as_deal",
                    "description": "Say whether the linked page announces a deal",
                }
            ],
            "slash_commands": [
                {
                    "command": f"/{root}",
                    "description": "Partnership news: read, search, subscribe",
                    "usage_hint": f"[{hint}]",
                    "should_escape": True,
                    **({"url": url} if url else {}),
                }
            ],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {**request, "bot_events": list(EVENTS)},
            "interactivity": {
                "is_enabled": True,
                **request,
                **({"message_menu_options_url": url} if url else {}),
            },
            "org_deploy_enabled": False,
            "socket_mode_enabled": url is None,
            "token_rotation_enabled": False,
        },
    }
    if public_url:
        made["oauth_config"]["redirect_urls"] = [f"{public_url.rstrip('/')}/slack/oauth_redirect"]
    return made


def manifest_text(commands: Sequence[Command], root: str, public_url: str | None = None) -> str:
    """The manifest as JSON to be pasted."""
    return json.dumps(manifest(commands, root, public_url), indent=2, ensure_ascii=False) + "\n"
