"""Deals and what they are made of. Values only; every stated thing points at the words that state it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.feeds.model import Entry, Register, Sector


class Kind(StrEnum):
    """What the parties undertake together."""

    STRATEGIC_PARTNERSHIP = "strategic_partnership"
    JOINT_VENTURE = "joint_venture"
    DISTRIBUTION_RESELLER = "distribution_reseller"
    TECHNOLOGY_INTEGRATION = "technology_integration"
    RESEARCH_COLLABORATION = "research_collaboration"
    CO_DEVELOPMENT = "co_development"
    LICENSING = "licensing"
    MANUFACTURING_SUPPLY = "manufacturing_supply"
    CUSTOMER_SELECTION = "customer_selection"
    CO_MARKETING = "co_marketing"
    CONSORTIUM_MEMBERSHIP = "consortium_membership"
    PROGRAMME_MEMBERSHIP = "programme_membership"


class Status(StrEnum):
    """Where a deal stands. Rumours have no status: they are not deals."""

    ANNOUNCED = "announced"
    EXPANDED = "expanded"
    RENEWED = "renewed"
    MEMORANDUM = "memorandum"
    ENDED = "ended"


class Role(StrEnum):
    """What a party is in a deal. PARTNER wherever the text gives no direction."""

    PARTNER = "partner"
    SUPPLIER = "supplier"
    CUSTOMER = "customer"
    LICENSOR = "licensor"
    LICENSEE = "licensee"
    MEMBER = "member"


class FactName(StrEnum):
    """The fields of a deal that a text may state."""

    TERM = "term"
    VALUE = "value"
    REGION = "region"
    START = "start"
    PURPOSE = "purpose"


UNDISCLOSED = "undisclosed"
"""The value of a VALUE fact whose text says that the value is kept private; without such a fact it is *not stated*."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """The span `text[start:end]` of the cleaned text of the entry with this id."""

    entry: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Party:
    """An organisation in a deal. `name` is as printed, never widened; `organisation` is its id where it is known."""

    name: str
    role: Role
    evidence: Evidence
    organisation: str | None = None
    sector: Sector | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """One field of a deal. `value` is normalised for reading ("10 years"), `evidence` is what was said."""

    name: FactName
    value: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a summary; `text` is the span, cleaned for reading on its own."""

    text: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Mention:
    """An earlier deal that an entry names in passing; `parties` are names as printed."""

    parties: tuple[str, ...]
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that moved the decision, in words a person understands, with its weight in the score (log-odds)."""

    text: str
    weight: float


@dataclass(frozen=True, slots=True)
class Announcement:
    """An entry recognised as announcing a partnership.

    `score` is the probability that it is one, 0 to 1. `text` is the cleaned text its evidence points into. `owner` is
    the organisation whose feed told it, where the feed has one.
    """

    entry: str
    text: str
    title: str
    url: str | None
    publisher: str
    register: Register
    published: datetime | None
    headline: str
    parties: tuple[Party, ...]
    kind: Kind
    status: Status
    score: float
    reasons: tuple[Reason, ...]
    first_party: bool = False
    owner: str | None = None
    facts: tuple[Fact, ...] = ()
    mentions: tuple[Mention, ...] = ()
    summary: tuple[Sentence, ...] = ()

    def quote(self, evidence: Evidence) -> str:
        """The words of `evidence`; it must belong to this announcement's entry."""
        return self.text[evidence.start : evidence.end]


@dataclass(frozen=True, slots=True)
class Rejected:
    """An entry that announces no partnership, and why. `promising` asks for its full page before a final word."""

    score: float
    reasons: tuple[Reason, ...]
    promising: bool = False
    mentions: tuple[Mention, ...] = ()


Verdict = Announcement | Rejected


@dataclass(frozen=True, slots=True)
class Judged:
    """An entry and what we make of it."""

    entry: Entry
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Deal:
    """The partnership itself, as all its announcements tell it together.

    `facts` may hold several values of one name: sources that disagree are all shown. `published` is when it was first
    announced. `announcements` come oldest first and are never empty.
    """

    headline: str
    parties: tuple[Party, ...]
    kind: Kind
    status: Status
    sector: Sector
    facts: tuple[Fact, ...]
    summary: tuple[Sentence, ...]
    mentions: tuple[Mention, ...]
    announcements: tuple[Announcement, ...]
    published: datetime | None
    score: float

    def announcement(self, evidence: Evidence) -> Announcement:
        """The announcement whose text `evidence` points into."""
        return next(each for each in self.announcements if each.entry == evidence.entry)


@dataclass(frozen=True, slots=True)
class KnownDeal:
    """A deal that is kept, under the id it has for ever. `follows` is the deal that it widens or renews."""

    id: int
    deal: Deal
    first_seen: datetime
    follows: int | None = None


@dataclass(frozen=True, slots=True)
class NewDeal:
    """Announcements of one poll that together make a deal nobody knew, and the deal it follows."""

    announcements: tuple[Announcement, ...]
    follows: int | None = None


@dataclass(frozen=True, slots=True)
class JoinedDeal:
    """An announcement that tells a known deal once more."""

    deal: int
    announcement: Announcement


@dataclass(frozen=True, slots=True)
class UnitedDeal:
    """A known deal that turned out to be an older one: its announcements go `into` that, and its id points there."""

    deal: int
    into: int


@dataclass(frozen=True, slots=True)
class Triage:
    """What one poll changes: every entry with its verdict, new deals, and announcements that join known ones.

    `joined` names the deals as they were before those in `united` went into others.
    """

    judged: tuple[Judged, ...] = ()
    new: tuple[NewDeal, ...] = ()
    joined: tuple[JoinedDeal, ...] = ()
    united: tuple[UnitedDeal, ...] = ()
