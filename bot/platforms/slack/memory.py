"""What Slack has to be told of what is kept. Storage answers it; here stands only the shape of the questions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.deals.model import KnownDeal
from bot.digests.model import Channel, Coverage, Subscription


class Kept(Protocol):
    """A subscription with its place in time."""

    @property
    def subscription(self) -> Subscription: ...
    @property
    def next_due(self) -> datetime: ...
    @property
    def paused_reason(self) -> str | None: ...


class Memory(Protocol):
    """What is kept, for one workspace at a time."""

    async def wished(self, channel: Channel) -> Subscription:
        """The channel's subscription, or what a new one would be."""
        ...

    async def subscriptions(self, team: str) -> Sequence[Kept]:
        """The subscriptions of the workspace."""
        ...

    async def coverage(self, team: str) -> Coverage:
        """How much of the workspace's feeds is read."""
        ...

    async def latest(self, team: str, limit: int) -> Sequence[KnownDeal]:
        """The workspace's newest deals."""
        ...

    async def is_named(self, channel: Channel, user: str) -> bool:
        """Whether somebody named the user as one who may manage."""
        ...

    async def is_first(self, key: str) -> bool:
        """Keep the key, and say whether it is new: what Slack delivers twice is done once."""
        ...

    async def keepers(self, team: str) -> Sequence[str]:
        """Whom to tell when something in the workspace needs mending, the first of them who can be reached: those who
        subscribed there, the latest first, those who were named to manage, and who installed."""
        ...

    async def root(self, channel: Channel) -> str | None:
        """The message of the channel's last digest under which the rest of it goes."""
        ...

    async def is_rooted(self, channel: Channel, message: str) -> None:
        """The channel's last digest begins with this message."""
        ...

    async def forget(self, team: str) -> None:
        """The app was removed: erase the workspace's token and end its digests."""
        ...
