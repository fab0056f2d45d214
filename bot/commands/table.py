"""The one table of all commands, which every platform offers in its own way."""

from __future__ import annotations

from bot.commands.feedback import feedback
from bot.commands.feeds import Feeds
from bot.commands.help import Family, Help
from bot.commands.judging import Judging
from bot.commands.managers import Managers
from bot.commands.operations import operations
from bot.commands.reading import reading
from bot.commands.rights import Clock, guarded
from bot.commands.subscriptions import Subscriptions
from bot.digests.model import Subscription
from bot.platforms.base import Command
from bot.storage import Storage
from bot.web.client import Web
from bot.workers.pool import Workers


def build_commands(
    *, storage: Storage, web: Web, workers: Workers, clock: Clock, root: str, defaults: Subscription
) -> tuple[Command, ...]:
    """Every command, guarded: each answers with a message or raises a UserError whose text the asker may see.

    `root` is the name of the root command, e.g. "deals". `defaults` is what a channel gets that wishes for nothing
    else; its own channel does not matter.
    """
    families = (
        Family("READING", reading(storage.deals, clock, root)),
        Family("ANY PAGE", Judging(storage, web, workers, clock, root).commands()),
        Family("ABOUT A DEAL", feedback(storage, clock, root)),
        Family("THIS CHANNEL", Subscriptions(storage, clock, root, defaults).commands()),
        Family("FEEDS", Feeds(storage.feeds, web, workers, clock, root).commands()),
        Family("WHO MANAGES", Managers(storage.managers, clock, root).commands()),
        Family("HOW IT IS DOING", operations(storage, clock, root)),
    )
    every = (Help(families, root).command, *(command for family in families for command in family.commands))
    return tuple(map(guarded, every))
