"""The chat platforms that are connected: each where its tokens are set."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from bot.config import Config
from bot.config import Discord as DiscordTable
from bot.config import Slack as SlackTable
from bot.digests.model import Subscription
from bot.errors import ConfigError
from bot.platforms.base import Command, Platform
from bot.storage import Storage

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bot.config import SlackSecrets


class Chat(Platform, Protocol):
    """A platform that has to stay connected."""

    async def run(self) -> None:
        """Stay connected until cancelled. Raises PactwireError where that cannot be."""
        ...


@dataclass(frozen=True, slots=True)
class Needs:
    """What the chats' sides stand on. `defaults` is what a new subscription has."""

    storage: Storage
    commands: Sequence[Command]
    defaults: Subscription
    clock: Callable[[], datetime]


def open_chats(config: Config, needs: Needs) -> tuple[Chat, ...]:
    """The chats whose tokens are set; they connect when they are run. ConfigError lists what the others miss."""
    if missing := [*missing_secrets(config)]:
        raise ConfigError("\n".join(missing))
    return tuple(_opened(config, needs))


def missing_secrets(config: Config) -> Iterator[str]:
    """What a chat that is meant still needs, a sentence or a list for each."""
    for look in (_discord_token, _slack_secrets):
        try:
            look(config)
        except ConfigError as error:
            yield str(error)


def _opened(config: Config, needs: Needs) -> Iterator[Chat]:
    root = config.pactwire.root_command
    if token := _discord_token(config):
        from bot.discord import open_discord  # only where it is used: discord.py takes half a second

        table = config.discord or DiscordTable()
        yield open_discord(table, token, needs.commands, root, needs.storage, needs.clock)
    if secrets := _slack_secrets(config):
        from bot.slack import Ground, open_slack  # as slow to load as discord.py

        ground = Ground(needs.storage, needs.defaults, needs.clock)
        yield open_slack(config.slack or SlackTable(), secrets, needs.commands, root, ground)


def _discord_token(config: Config) -> str | None:
    token = (config.discord or DiscordTable()).token()
    if token is None and config.discord:
        raise ConfigError(
            "The configuration has a [discord] table, but there is no bot token. Set PACTWIRE_DISCORD_TOKEN, or "
            "token_file in that table; docs/discord.md says where the token comes from."
        )
    return token


def _slack_secrets(config: Config) -> SlackSecrets | None:
    return (config.slack or SlackTable()).secrets(is_meant=config.slack is not None)
