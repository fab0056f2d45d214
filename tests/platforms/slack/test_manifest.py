"""The manifest in docs/ is the one that the table of commands makes, and every scope has its reason."""

from __future__ import annotations

import json
from pathlib import Path

from bot.platforms.slack.listeners import SHORTCUT
from bot.platforms.slack.manifest import EVENTS, SCOPES, manifest, manifest_text
from tests.desk import open_desk
from tests.e2e.slack_server import EVERY_SCOPE

DOCS = Path(__file__).parents[3] / "docs"


async def test_the_manifest_in_docs_is_the_current_one(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        assert (DOCS / "slack-manifest.json").read_text(encoding="utf-8") == manifest_text(desk.commands, "deals")


def test_every_scope_stands_in_the_docs_with_its_reason_and_the_tests_allow_no_other() -> None:
    told = (DOCS / "slack.md").read_text(encoding="utf-8")
    assert all(f"| `{scope}` | {reason} |" in told for scope, reason in SCOPES.items())
    assert set(SCOPES) == EVERY_SCOPE


def test_socket_mode_needs_no_address_and_http_mode_names_it_everywhere() -> None:
    assert "http" not in json.dumps(manifest((), "deals"))
    public = manifest((), "deals", "https://pactwire.example.org/")
    settings = public["settings"]
    assert not settings["socket_mode_enabled"]
    assert settings["event_subscriptions"]["request_url"] == "https://pactwire.example.org/slack/events"
    assert settings["interactivity"]["message_menu_options_url"] == "https://pactwire.example.org/slack/events"
    assert public["oauth_config"]["redirect_urls"] == ["https://pactwire.example.org/slack/oauth_redirect"]


def test_the_manifest_names_what_the_listeners_listen_to() -> None:
    made = manifest((), "news")
    assert made["features"]["slash_commands"][0]["command"] == "/news"
    assert made["features"]["shortcuts"][0]["callback_id"] == SHORTCUT
    assert made["settings"]["event_subscriptions"]["bot_events"] == list(EVENTS)
