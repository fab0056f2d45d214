"""Being told of news by hubs (WebSub), where the bot has a public address: ask for it, answer the hubs, listen."""

from bot.websub.callback import Callback, Reply
from bot.websub.leases import Leases

__all__ = ["Callback", "Leases", "Reply"]
