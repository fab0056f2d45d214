"""The memory: the only place with SQL (SQLAlchemy Core over aiosqlite). One fact is one transaction."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.storage.backup import BackupStore
from bot.storage.channels import ChannelStore
from bot.storage.deals import DealStore
from bot.storage.deliveries import DeliveryStore
from bot.storage.engine import Database
from bot.storage.feedback import FeedbackStore
from bot.storage.feeds import FeedStore
from bot.storage.installations import InstallationStore
from bot.storage.leases import LeaseStore
from bot.storage.managers import ManagerStore
from bot.storage.memory import MemoryStore
from bot.storage.notices import NoticeStore
from bot.storage.outages import OutageStore
from bot.storage.polls import PollStore
from bot.storage.retention import RetentionStore
from bot.storage.standing import StandingStore
from bot.storage.subscriptions import SubscriptionStore
from bot.storage.workspaces import WorkspaceStore


@dataclass(frozen=True, slots=True)
class Storage:
    """All that is kept, by what it is about."""

    feeds: FeedStore
    deals: DealStore
    polls: PollStore
    subscriptions: SubscriptionStore
    deliveries: DeliveryStore
    channels: ChannelStore
    notices: NoticeStore
    outages: OutageStore
    leases: LeaseStore
    standing: StandingStore
    backups: BackupStore
    retention: RetentionStore
    workspaces: WorkspaceStore
    feedback: FeedbackStore
    memory: MemoryStore
    managers: ManagerStore
    installations: InstallationStore

    async def upkeep(self, now: datetime) -> None:
        """Let go of what is old, and make today's copy; both are done when they were done before."""
        await self.retention.forget(now)
        await self.backups.daily(now.date())


@asynccontextmanager
async def open_storage(path: Path) -> AsyncIterator[Storage]:
    """Open the database file, bring its schema up to date, and hold it until the block ends.

    Raises StorageError when the file is locked, damaged, newer than we know, or not ours; nothing is recreated.
    """
    async with Database(path) as database:
        yield Storage(
            FeedStore(database),
            DealStore(database),
            PollStore(database),
            SubscriptionStore(database),
            DeliveryStore(database),
            ChannelStore(database),
            NoticeStore(database),
            OutageStore(database),
            LeaseStore(database),
            StandingStore(database),
            BackupStore(database),
            RetentionStore(database),
            WorkspaceStore(database),
            FeedbackStore(database),
            MemoryStore(database),
            ManagerStore(database),
            InstallationStore(database),
        )
