"""The power is cut while digests go out: what was not synced is gone, torn or something else, and the promises hold.

`CUTS=1` in the environment cuts at each write and each fsync, in every way; the suite cuts at some of them.
"""

from __future__ import annotations

import gc
import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from bot.deals.triage import triage
from bot.deliver import Deliverer
from bot.digests.message import Card, Message
from bot.digests.model import Channel, Subscription, Timetable, WhenEmpty
from bot.feeds.answer import Validators
from bot.feeds.model import Feed
from bot.logs import configure
from bot.platforms.base import FindOutcome, Found, NotFound, Posted, PostOutcome
from bot.storage import Storage, open_storage
from bot.storage.model import FeedState
from tests.builders import PUBLISHED, announced, party
from tests.feedkit import HERE
from tests.simulation.clock import run_virtually
from tests.simulation.inline import connection, inline_sqlite
from tests.storage.platter import DAMAGES, SECTOR, Damage, File, Platter, Write, lost, watched, whole

STRIDE = int(os.environ.get("CUTS", "43"))
DAYS, DEALS_A_DAY = 4, 2
CHECKPOINT = 25
"""Pages of WAL after which it is written back into the file: few, so that the cuts meet that as well."""

MORNING = PUBLISHED.replace(hour=8)
DAILY = Subscription(HERE, Timetable(frozenset(range(7))), when_empty=WhenEmpty.SILENCE)


@dataclass
class Chat:
    """A chat that no power cut reaches, and that knows no key but in its history. A part for each deal."""

    stored: list[tuple[str, int]] = field(default_factory=list)
    at_post: Callable[[], None] = lambda: None
    name: str = HERE.platform

    def split(self, message: Message) -> tuple[Message, ...]:
        cards = [block for block in message.blocks if isinstance(block, Card)]
        return tuple(Message(message.title, (card,), deals=(card.deal,)) for card in cards)

    async def post(self, channel: Channel, part: Message, key: str) -> PostOutcome:
        self.at_post()
        self.stored.append((key, part.deals[0]))
        self.at_post()
        return Posted(key)

    async def find(self, channel: Channel, key: str, since: datetime) -> FindOutcome:
        return Found(key) if key in {stored for stored, _ in self.stored} else NotFound()

    async def notify(self, workspace: str, message: Message, user: str | None = None) -> bool:
        return True

    def time(self) -> None:
        """It has no clock."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment at which the power may be cut: the time, the files, the chat, and what was committed by then."""

    now: datetime
    files: dict[str, File]
    stored: tuple[tuple[str, int], ...]
    sent: frozenset[str]
    deals: frozenset[int]


class Machine:
    """Learns of deals and tells them, day by day; remembers each moment at which the power may be cut."""

    def __init__(self, path: Path, synchronous: str | None) -> None:
        self._path = path
        self._synchronous = synchronous
        self._now = MORNING - timedelta(hours=1)
        self._chat = Chat(at_post=self._remember)
        self._platter = Platter()
        self._committed: tuple[frozenset[str], frozenset[int]] = frozenset(), frozenset()
        self.moments: list[Moment] = []

    def live(self) -> None:
        """All the days, once, in peace."""
        with watched(self._platter):
            with inline_sqlite(lambda _, call: call()):
                run_virtually(self._set_up())
            with inline_sqlite(self._driven):
                run_virtually(self._days())

    async def _set_up(self) -> None:
        async with open_storage(self._path) as storage:
            await storage.subscriptions.save(DAILY, MORNING, self._now)

    async def _days(self) -> None:
        async with open_storage(self._path) as storage:
            connection().execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT}")
            if self._synchronous:
                connection().execute(f"PRAGMA synchronous = {self._synchronous}")
            self._platter.at_change = self._remember
            deliverer = Deliverer(storage, {self._chat.name: self._chat}, "deals")
            for day in range(DAYS):
                for number in range(DEALS_A_DAY):
                    self._now = MORNING + timedelta(days=day, hours=-1, minutes=number)
                    await learn(storage, f"N{day}{number}", self._now)
                self._now = MORNING + timedelta(days=day)
                await deliverer.deliver_due(self._now)
            self._platter.at_change = lambda: None

    def _driven(self, name: str, call: Callable[[], Any]) -> Any:
        result = call()
        if name == "commit":
            self._committed = sent_and_deals()
            self._remember()
        return result

    def _remember(self) -> None:
        files = dict(self._platter.files)
        self.moments.append(Moment(self._now, files, tuple(self._chat.stored), *self._committed))


def sent_and_deals() -> tuple[frozenset[str], frozenset[int]]:
    """The marks of the parts that count as sent, and the deals, as the open file says."""
    sent = connection().execute("SELECT key FROM deliveries WHERE state = 'sent'")
    deals = connection().execute("SELECT id FROM deals")
    return frozenset(key for (key,) in sent), frozenset(number for (number,) in deals)


async def learn(storage: Storage, name: str, at: datetime) -> None:
    """A feed of its own announces a deal of its own."""
    await storage.feeds.add(HERE, Feed(f"https://{name}.example/feed", name), at)
    (feed,) = await storage.feeds.claim_due(at, 1)
    deal = announced(name, parties=(party(f"{name} Health"), party(f"{name} Cloud")), headline=f"{name}: a deal")
    state = FeedState(at + timedelta(days=99), Validators(), None)
    await storage.polls.record(feed, state, triage([deal], ()), (), at)


def cuts(
    folder: Path, synchronous: str | None = None, damages: Sequence[Damage] = DAMAGES
) -> Iterator[tuple[Path, Moment]]:
    """What is left after a power cut at some moments, in every way; what is left alike is left once."""
    machine, dice, seen = Machine(folder / "db", synchronous), Random(7), set()
    machine.live()
    for number, moment in enumerate(machine.moments[::STRIDE]):
        for damage in damages:
            left = {Path(name).name: file.after(damage, dice) for name, file in moment.files.items()}
            alike = hash((moment.stored, *left.items()))
            if alike not in seen:
                seen.add(alike)
                yield laid_down(folder / f"{number}-{damage.__name__}", left), moment


def laid_down(folder: Path, left: dict[str, bytes]) -> Path:
    """The database as it lies now; the index of its WAL was in memory only, and nobody needs it."""
    folder.mkdir()
    for name, content in left.items():
        (folder / name).write_bytes(content)
    return folder / "db"


def faults(path: Path, moment: Moment) -> list[str]:
    """What is lost or doubled after the next start."""
    chat = Chat(list(moment.stored))
    with inline_sqlite(lambda _, call: call()):
        found = run_virtually(restarted(path, moment, chat))
    return [f"{path.parent.name}: {fault}" for fault in found]


async def restarted(path: Path, moment: Moment, chat: Chat) -> list[str]:
    async with open_storage(path) as storage:
        sent, deals = sent_and_deals()
        found = [f"{key} is not sent any more" for key in moment.sent - sent]
        found += [f"deal {number} is forgotten" for number in moment.deals - deals]
        deliverer = Deliverer(storage, {chat.name: chat}, "deals")
        await deliverer.start(moment.now)
        next_morning = moment.now.replace(hour=8, minute=0) + timedelta(days=1)
        for at in (*(moment.now + timedelta(minutes=minutes) for minutes in (1, 2)), next_morning):
            await deliverer.deliver_due(at)
        verdict = connection().execute("PRAGMA integrity_check").fetchone()[0]
    found += [f"the file is damaged: {verdict}"] if verdict != "ok" else []
    for what, times in (Counter(key for key, _ in chat.stored) + Counter(deal for _, deal in chat.stored)).items():
        found += [f"{what} stands {times} times"] if times > 1 else []
    return found + [f"deal {number} was never told" for number in deals - {deal for _, deal in chat.stored}]


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    configure("critical", "text")  # type: ignore[arg-type]
    gc.freeze()  # what stands before need not be searched each time a dead machine's file is closed
    yield
    gc.unfreeze()


def test_after_a_power_cut_what_was_sent_stays_sent_and_nothing_is_lost_or_doubled(tmp_path: Path) -> None:
    images = list(cuts(tmp_path))
    assert len(images) >= 50
    assert [fault for path, moment in images for fault in faults(path, moment)] == []


def test_the_same_cuts_would_break_the_promise_if_commits_were_not_synced(tmp_path: Path) -> None:
    images = cuts(tmp_path, "NORMAL", (lost,))
    found = "\n".join(fault for path, moment in images for fault in faults(path, moment))
    assert "is not sent any more" in found
    assert "stands 2 times" in found


def test_a_first_page_that_was_torn_while_it_was_written_back_is_read_from_the_wal(tmp_path: Path) -> None:
    machine = Machine(tmp_path / "db", None)
    machine.live()
    beginning = Write(0, b"\xff" * SECTOR)
    moments = [each for each in machine.moments if rewrites_its_first_page(each)]
    assert moments
    for number, moment in enumerate(moments[::3]):
        left = {Path(name).name: file.after(whole, Random(7)) for name, file in moment.files.items()}
        left["db"] = File(left["db"], (beginning,)).synced().safe
        assert faults(laid_down(tmp_path / str(number), left), moment) == []


def rewrites_its_first_page(moment: Moment) -> bool:
    (since,) = (file.since for name, file in moment.files.items() if name.endswith("db"))
    return any(isinstance(change, Write) and change.at == 0 for change in since)
