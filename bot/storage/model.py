"""What is kept about feeds, entries, subscriptions and deliveries, as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.deals.model import Reason
from bot.digests.message import Message
from bot.digests.model import Channel, Subscription
from bot.feeds.answer import Validators
from bot.feeds.model import Feed, Rhythm
from bot.feeds.moves import Move

NO_VALIDATORS = Validators()
NO_RHYTHM = Rhythm()


class Origin(StrEnum):
    """Where a feed came from. Packs and the configuration are seeds that every workspace reads."""

    PACK = "pack"
    CONFIG = "config"
    COMMAND = "command"


@dataclass(frozen=True, slots=True)
class KeptFeed:
    """A feed as `feeds list` shows it."""

    id: int
    feed: Feed
    origin: Origin
    next_poll: datetime | None
    last_success: datetime | None = None
    failing_since: datetime | None = None
    last_error: str | None = None
    entries: int = 0
    deals: int = 0
    newest: datetime | None = None
    why: str | None = None
    asked: datetime | None = None
    stopped: datetime | None = None
    first_read: datetime | None = None
    validators: Validators = NO_VALIDATORS
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Added:
    """A feed in a workspace's list; `already` when it stood there before."""

    kept: KeptFeed
    already: bool


@dataclass(frozen=True, slots=True)
class DueFeed:
    """A feed to ask now, and what we must remember to ask it well."""

    id: int
    feed: Feed
    validators: Validators
    body_hash: str | None
    failures: int
    first_read: datetime | None
    rhythm: Rhythm = NO_RHYTHM
    move: Move | None = None
    failing_since: datetime | None = None
    failing_told: datetime | None = None
    gone_since: datetime | None = None
    asked: datetime | None = None
    told_at: datetime | None = None
    told_until: datetime | None = None
    left_out: int = 0

    def is_told(self, now: datetime) -> bool:
        """Whether a hub that has shown that it does so tells us when there is something new."""
        return self.told_at is not None and self.told_until is not None and now < self.told_until


@dataclass(frozen=True, slots=True)
class FeedState:
    """What one good answer leaves behind about its feed: written with the entries it brought, never before them."""

    next_poll: datetime
    validators: Validators
    body_hash: str | None
    why: str | None = None
    rhythm: Rhythm = NO_RHYTHM
    move: Move | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """What one bad answer leaves behind. `is_gone`: the site says the feed is gone; `stops`: it is believed.

    `is_ours`: it is our own network that is away, so that the feed is neither blamed nor told about.
    """

    reason: str
    next_poll: datetime
    why: str | None = None
    is_gone: bool = False
    stops: bool = False
    is_ours: bool = False


class LeaseState(StrEnum):
    """Where a hub's promise stands: to be asked for or asked for, given, to be given back, or refused."""

    ASKING = "asking"
    HELD = "held"
    ENDING = "ending"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Lease:
    """A hub's promise to tell us of a feed `until` then. It finds us by `token`, and signs with `secret`."""

    id: int
    feed: int
    hub: str
    topic: str
    token: str
    secret: str
    state: LeaseState
    until: datetime | None
    tries: int


class Outcome(StrEnum):
    """What became of an entry; one that was already old when its feed was first read is passed over."""

    ANNOUNCEMENT = "announcement"
    REJECTED = "rejected"
    PASSED_OVER = "passed over"


@dataclass(frozen=True, slots=True)
class SeenEntry:
    """An entry and what became of it, for `why`."""

    title: str
    url: str | None
    feed_title: str
    published: datetime | None
    seen_at: datetime
    outcome: Outcome
    score: float
    reasons: tuple[Reason, ...]
    deal: int | None


@dataclass(frozen=True, slots=True)
class KeptSubscription:
    """A subscription with its place in time: `since` is the last slot planned, `next_due` the next one.

    `paused_at` is set while its channel needs mending. What was published before `told_until` counts as told.
    """

    id: int
    subscription: Subscription
    next_due: datetime
    created: datetime
    since: datetime | None = None
    paused_at: datetime | None = None
    paused_reason: str | None = None
    told_until: datetime | None = None


class SlotKind(StrEnum):
    """Why a slot came: by the timetable, because something became known, or because somebody asked."""

    DIGEST = "digest"
    INSTANT = "instant"
    ASKED = "asked"


class SlotOutcome(StrEnum):
    """What became of a slot."""

    TOLD = "told"
    EMPTY = "empty"
    SKIPPED = "skipped"
    WITHDRAWN = "withdrawn"


class State(StrEnum):
    """Where one part of a delivery stands."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    UNCERTAIN = "uncertain"
    DEAD = "dead"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One part of one digest for one channel, with its message frozen. `slot` is the local time it is for."""

    id: int
    key: str
    channel: Channel
    part: int
    parts: int
    message: Message
    state: State
    attempts: int
    created: datetime
    sending_at: datetime | None = None
    subscription: int = 0
    slot: str = ""
    next_try: datetime | None = None
    looks: int = 0
    renders: int = 0
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Queue:
    """What one channel is owed, in the order in which it is to arrive."""

    kept: KeptSubscription
    parts: tuple[Delivery, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that people must know, once for each `key`. The channel's id is empty where it is about none.

    `user` is the one person whom it concerns: who follows a deal. What is about a channel is for its subscriber.
    """

    channel: Channel
    key: str
    text: str
    id: int = 0
    user: str | None = None


@dataclass(frozen=True, slots=True)
class Addressee:
    """Whom notices are for: one user of the workspace, or, where none is known, those who manage it.

    With `follows` it is news of deals that the user follows, and of no concern to others.
    """

    platform: str
    workspace: str
    user: str | None = None
    follows: bool = False


@dataclass(frozen=True, slots=True)
class Skipped:
    """A digest that was not sent because its time had long passed."""

    channel: Channel
    slot: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Overview:
    """How the deliveries of a workspace stand: `late` are pending parts whose slot has passed by some time."""

    pending: int
    uncertain: int
    dead: int
    last_sent: datetime | None
    late: int = 0
    paused: int = 0
    skipped: int = 0


class Remark(StrEnum):
    """What is wrong with a deal: it is no partnership, or one of its facts is not so."""

    PARTNERSHIP = "partnership"
    FACT = "fact"
