"""config.toml → Config (the only owner of the file's shape)."""

from __future__ import annotations

from bot.config.chats import Discord, Slack, SlackSecrets
from bot.config.file import Config, load_config
from bot.config.tables import Digests, Feeds, FeedTable, Pactwire, Polling, Websub

__all__ = [
    "Config",
    "Digests",
    "Discord",
    "FeedTable",
    "Feeds",
    "Pactwire",
    "Polling",
    "Slack",
    "SlackSecrets",
    "Websub",
    "load_config",
]
