"""The chat platforms' tables, and their secrets, which never stand in the file."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, HttpUrl, WebsocketUrl

from bot.config.tables import Part
from bot.errors import ConfigError


class Discord(Part):
    """Discord. The token stands in PACTWIRE_DISCORD_TOKEN, or in a file of its own."""

    token_file: Path | None = None
    layout: Literal["components", "embed"] = "components"
    publish: bool = True
    sharded: bool = False
    api: HttpUrl | None = None
    gateway: WebsocketUrl | None = None

    def token(self) -> str | None:
        """The bot token, None where none is set. Raises ConfigError for one that cannot be read or cannot be right."""
        return secret("PACTWIRE_DISCORD_TOKEN", self.token_file)


@dataclass(frozen=True, slots=True)
class SlackSecrets:
    """What Slack gave the operator. Nothing of it shows in the repr."""

    bot_token: str | None = field(repr=False)
    app_token: str | None = field(repr=False)
    signing_secret: str | None = field(repr=False)
    client_secret: str | None = field(repr=False)
    key: str | None = field(repr=False)


class Slack(Part):
    """Slack. Secrets stand in PACTWIRE_SLACK_… or in files of their own, docs/slack.md says which."""

    mode: Literal["socket", "http"] = "socket"
    threads: bool = False
    bot_token_file: Path | None = None
    app_token_file: Path | None = None
    signing_secret_file: Path | None = None
    client_secret_file: Path | None = None
    key_file: Path | None = None
    client_id: str = ""
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 3000
    public_url: HttpUrl | None = None
    api: HttpUrl | None = None

    def secrets(self, *, is_meant: bool) -> SlackSecrets | None:
        """The secrets, None without any where Slack is not meant. ConfigError lists what the mode needs and misses."""
        found = SlackSecrets(
            secret("PACTWIRE_SLACK_BOT_TOKEN", self.bot_token_file),
            secret("PACTWIRE_SLACK_APP_TOKEN", self.app_token_file),
            secret("PACTWIRE_SLACK_SIGNING_SECRET", self.signing_secret_file),
            secret("PACTWIRE_SLACK_CLIENT_SECRET", self.client_secret_file),
            secret("PACTWIRE_SLACK_KEY", self.key_file),
        )
        if not is_meant and not (found.bot_token or found.client_secret):
            return None
        if missing := [*_missing(self, found)]:
            listed = "\n".join(f"  {each}" for each in missing)
            raise ConfigError(f"Slack in {self.mode} mode still needs, see docs/slack.md:\n{listed}")
        return found


def _missing(slack: Slack, found: SlackSecrets) -> Iterator[str]:
    if slack.mode == "socket":
        if not found.bot_token:
            yield "PACTWIRE_SLACK_BOT_TOKEN: the Bot User OAuth Token (xoxb-…) from OAuth & Permissions"
        if not found.app_token:
            yield "PACTWIRE_SLACK_APP_TOKEN: an app-level token (xapp-…) with connections:write, from Basic Information"
        return
    if not found.signing_secret:
        yield "PACTWIRE_SLACK_SIGNING_SECRET: the Signing Secret from Basic Information"
    if not found.client_secret and not found.bot_token:
        yield "PACTWIRE_SLACK_BOT_TOKEN: the Bot User OAuth Token (xoxb-…), for one workspace; or, for several,"
        yield "PACTWIRE_SLACK_CLIENT_SECRET: the Client Secret from Basic Information"
    if found.client_secret and not found.bot_token:
        if not slack.client_id:
            yield "client_id in [slack]: the Client ID from Basic Information"
        if not slack.public_url:
            yield "public_url in [slack]: the https address under which Slack reaches this bot"


def secret(name: str, file: Path | None = None, environment: Mapping[str, str] = os.environ) -> str | None:
    """What the environment holds under this name, else what the file holds; None where there is neither.

    Raises ConfigError, which never repeats the secret itself.
    """
    found, place = environment.get(name, "").strip(), name
    if not found and file is not None:
        place = str(file)
        try:
            found = file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not text"
            raise ConfigError(f"The secret in {file} cannot be read: {reason}.") from None
        if not found:
            raise ConfigError(f"{file} is empty; it should hold one secret and nothing else.")
    if not re.fullmatch(r"[!-~]*", found):
        raise ConfigError(f"{place} holds something with blanks or letters that no token has. Copy the token anew.")
    return found or None
