"""The whole way out: plan every slot that has come, serve every channel that is owed something, tell what is wrong."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.deliver import wording
from bot.deliver.planning import Planner, slot_now
from bot.deliver.sending import Sender
from bot.digests.message import Message
from bot.digests.model import Channel
from bot.errors import StorageError
from bot.logs import logger
from bot.platforms.base import Platform
from bot.storage import Storage
from bot.storage.model import Addressee, KeptSubscription, Queue, SlotKind

log = logger(__name__)

JUMP = timedelta(seconds=5)
"""A wall clock that gains or loses so much on the loop's between two ticks was set, or the machine slept."""

PLANNED = 100
"""So many channels are planned before those are served."""

PATIENCE = 20.0
"""Seconds that one call waits for channels. A slow one goes on by itself, and nobody waits for it."""


class Deliverer:
    """Brings digests to channels. What it promises is written down before anything is sent.

    Channels are served side by side, each by one task at a time. A slow channel's task outlives the call that began it
    until it is done; `stop` waits for all of them.
    """

    def __init__(self, storage: Storage, platforms: Mapping[str, Platform], root: str) -> None:
        self._storage = storage
        self._platforms = platforms
        self._root = root
        self._planner = Planner(storage, platforms, root)
        self._sender = Sender(storage, platforms, root)
        self._planning = asyncio.Lock()
        self._serving: dict[int, asyncio.Task[int]] = {}
        self._ticked: tuple[datetime, float] | None = None

    async def start(self, now: datetime) -> None:
        """To be called once, before the first tick: what an earlier life was sending may still be on its way."""
        self._ticked = now, asyncio.get_running_loop().time()
        await self._storage.deliveries.hold_unclear(now)

    async def deliver_due(self, now: datetime) -> int:
        """Plan every slot that has come, send what is owed, tell what went wrong: how many parts arrived meanwhile.

        A part that was being sent when the program ended, or the disk was full, is looked for in its channel, and it is
        never sent again blindly.
        """
        await self._hold_after_jump(now)
        async with self._planning:
            begun = await self._serve_owed()
            # The first are served while the last are planned: where a thousand are due at once, planning takes long.
            due = await self._storage.subscriptions.due(now)
            for first in range(0, len(due), PLANNED):
                for kept in due[first : first + PLANNED]:
                    await self._planner.plan(kept, self._clock())
                begun |= await self._serve_owed()
        arrived = await _awaited(begun)
        await self._tell(self._clock())
        return arrived

    async def deliver_now(self, kept: KeptSubscription, now: datetime) -> int:
        """Plan a slot for this very second, out of turn, and send it."""
        await self._hold_after_jump(now)
        async with self._planning:
            await self._planner.claim(kept, slot_now(kept, now), SlotKind.ASKED, now)
            begun = await self._serve_owed()
        return await _awaited(begun)

    async def resume(self, channel: Channel, now: datetime) -> bool:
        """The channel was mended, or the bot invited again: go on with one digest. False where it was not paused."""
        return await self._storage.channels.resume(channel, now)

    async def stop(self) -> None:
        """Wait until every channel's task has ended. Cancelled, it ends them where they stand; the next start settles
        what they leave."""
        serving = list(self._serving.values())
        try:
            await asyncio.gather(*serving, return_exceptions=True)
        finally:
            for task in serving:
                task.cancel()

    async def _hold_after_jump(self, now: datetime) -> None:
        """A clock that was set forward makes a part look old that was sent a second ago, and one that was set far back
        makes its next look one that nobody can wait for: let it arrive first."""
        at = asyncio.get_running_loop().time()
        if self._ticked:
            then, ticked_at = self._ticked
            if abs(now - then - timedelta(seconds=at - ticked_at)) > JUMP:
                await self._storage.deliveries.hold_unclear(now)
        self._ticked = now, at

    def _clock(self) -> datetime:
        """The time as it goes on from the last tick, in whole seconds of the loop's own clock, which nobody sets. Who
        began before the clock was set goes by it as it is now: else what is written down looks older than it is."""
        assert self._ticked
        then, ticked_at = self._ticked
        return then + timedelta(seconds=int(asyncio.get_running_loop().time() - ticked_at))

    async def _serve_owed(self) -> set[asyncio.Task[int]]:
        """Begin to serve each channel that is owed something and is not being served."""
        served = set(self._serving)  # before the question: what ends meanwhile may stand in its answer as unfinished
        queues = [
            queue for queue in await self._storage.deliveries.queues(self._clock()) if queue.kept.id not in served
        ]
        return {self._begin(queue) for queue in queues}

    def _begin(self, queue: Queue) -> asyncio.Task[int]:
        task = asyncio.create_task(self._sender.serve(queue, self._clock))
        self._serving[queue.kept.id] = task
        task.add_done_callback(lambda done: self._ended(queue.kept.id, done))
        return task

    def _ended(self, subscription: int, task: asyncio.Task[int]) -> None:
        if self._serving.get(subscription) is task:
            del self._serving[subscription]
        if not task.cancelled() and (fault := task.exception()):
            log.error("deliver.stopped", subscription=subscription, reason=str(fault))

    async def _tell(self, now: datetime) -> None:
        """Bring to people what concerns them, by another way than the channels."""
        for whom, notices in (await self._storage.notices.take_due(now)).items():
            platform = self._platforms.get(whom.platform)
            worded = wording.followed if whom.follows else wording.gathered
            if platform and await _told(platform, whom, worded(notices, self._root)):
                await self._storage.notices.sent(notices, now)


async def _awaited(begun: set[asyncio.Task[int]]) -> int:
    """How many parts arrived within PATIENCE; a fault of the storage is raised, for nothing can be written now."""
    if not begun:
        return 0
    done, _ = await asyncio.wait(begun, timeout=PATIENCE)
    faults = [fault for task in done if (fault := task.exception())]
    for fault in faults:
        if isinstance(fault, StorageError):
            raise fault
    return sum(task.result() for task in done if task.exception() is None)


async def _told(platform: Platform, whom: Addressee, message: Message) -> bool:
    """Whether it arrived: with the user it is for, or, where that cannot be, with those who manage if it is theirs."""
    if whom.user and await _notified(platform, whom.workspace, message, whom.user):
        return True
    return not whom.follows and await _notified(platform, whom.workspace, message)


async def _notified(platform: Platform, workspace: str, message: Message, user: str | None = None) -> bool:
    try:
        return await platform.notify(workspace, message, user)
    except Exception:
        log.exception("deliver.fault", workspace=workspace)
        return False
