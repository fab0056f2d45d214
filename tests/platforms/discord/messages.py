"""Messages that the tests render: quiet ones, rich ones, and hostile ones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.deals.model import FactName, Status
from bot.digests.card import deal_card
from bot.digests.compose import told
from bot.digests.details import deal_details
from bot.digests.message import Card, Link, Message, Table
from bot.digests.model import Coverage, Digest, FailingFeed, Slot
from bot.feeds.model import Sector
from tests.builders import PUBLISHED, announcement, fact, known, party

KEY = "0123456789abcdef01234567"
ZONE = "Europe/London"

HOSTILE = (
    "@everyone @here <@1> <@&2> <#3> </deals:4> <id:customize> <t:0:R> <:a:5> <a:b:6>",
    "[safe](https://evil.example) [a](<https://evil.example>) https://evil.example <https://evil.example>",
    "``` ` `` ```js\ncode``` ||spoiler|| **bold** __under__ ~~gone~~ *a* _b_ \\* \\\\ \\",
    "# heading", "## heading", "-# small", "> quote", ">>> quote",
    "- list", "* list", "+ list", "1. list", "2024. year",
    "discord.gg/abc discord.com/invite/abc discordapp.com/invite/x DISCORD.GG/x discord.new/x",
    "a@b.example <mailto:a@b.example> <+15550100> @ev\u200beryone @\u202eenoyreve",
    "\u202edesrever\u202c \u2066isolated\u2069",
    "z\u0335\u0336\u0337\u0338\u0339\u033a\u033b\u033c\u033d\u033e\u033f\u0340",
    "![image](https://evil.example/x.png) ]( https://evil.example ) ](https://evil.example)[",
    "مرحبا بالعالم שלום 👩‍👩‍👧‍👦🇳🇴🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f 漢字",
    "\x00\x1b[31m\x07 \ud83d \U000e0001", "line\nbreak\r\n\u2028end", "",
)  # fmt: skip


def digest(*cards: tuple[str, Sector], cut: int = 0) -> Message:
    """A digest with these headlines."""
    deals = tuple(known(number, headline=name, sector=sector) for number, (name, sector) in enumerate(cards, 1))
    slot = Slot(datetime(2026, 11, 24, 8), datetime(2026, 11, 24, 8, tzinfo=ZoneInfo(ZONE)))
    failing = (FailingFeed("Example Weekly", PUBLISHED - timedelta(days=1), "HTTP 403"),)
    return told(Digest(slot, ZONE, PUBLISHED - timedelta(hours=1), deals, cut, Coverage(40, 39, failing)), root="deals")


def rich() -> Message:
    """A digest with two sectors, facts, several sources and a renewed deal."""
    first = known(
        17,
        facts=(fact(FactName.TERM, "10 years"), fact(FactName.REGION, "Oslo", "Oslo")),
        announcements=(announcement("Acme Newsroom", first_party=True), announcement("Example News")),
        published=PUBLISHED + timedelta(minutes=30),
    )
    second = known(
        18,
        headline="Cedar University × Borealis Cloud: research collaboration",
        sector=Sector.CLOUD,
        status=Status.RENEWED,
        facts=(),
    )
    slot = Slot(datetime(2026, 11, 24, 8), datetime(2026, 11, 24, 8, tzinfo=ZoneInfo(ZONE)))
    failing = (FailingFeed("Example Weekly", PUBLISHED - timedelta(days=1), "HTTP 403"),)
    plan = Digest(slot, ZONE, PUBLISHED - timedelta(hours=1), (first, second), 2, Coverage(40, 39, failing))
    return told(plan, root="deals")


def many_sources() -> Message:
    """A digest with one deal that a dozen publishers tell."""
    names = ["Acme Newsroom", "Borealis Cloud Blog", *(f"Example News of the Region Number {n}" for n in range(10))]
    crowd = known(17, announcements=tuple(announcement(name, first_party=name.startswith("A")) for name in names))
    slot = Slot(datetime(2026, 11, 24, 8), datetime(2026, 11, 24, 8, tzinfo=ZoneInfo(ZONE)))
    return told(Digest(slot, ZONE, None, (crowd,), 0, Coverage(40, 40)), root="deals")


def ten_parties() -> Message:
    """A deal of ten parties, in full."""
    names = [f"Partner Organisation Number {number}" for number in range(10)]
    crowd = known(9, headline=" × ".join(names), parties=tuple(party(name) for name in names))
    return deal_details(crowd, root="deals")


def details() -> Message:
    """One deal in full."""
    return deal_details(known(17, facts=(fact(FactName.TERM, "10 years"),)), root="deals")


def card(**changes: object) -> Card:
    """The card of the deal between Acme Health and Borealis Cloud, with changes."""
    plain = deal_card(known())
    fields = {name: getattr(plain, name) for name in plain.__slots__ if name != "type"}
    return Card(**{**fields, **changes})


def hostile(text: str) -> Message:
    """A message that says this everywhere."""
    bad = card(
        headline=text, badge=text, summary=text, facts=(text, text), sources=(Link(text, "https://ok.example/1"),)
    )
    return Message(text, (bad, Table(((text, text),), (text, text))), text, (text, text))


def settings() -> Message:
    """A reply with a table and a next step."""
    rows = (("When", "weekdays at 08:00, Europe/London"), ("Sectors", "any"), ("Next digest", "Tue 08:00"))
    return Message("Subscribed: weekdays at 08:00", (Table(rows),), next_step="/deals digest preview")


def latest(cards: Sequence[Card]) -> Message:
    """A reply with several deals."""
    return Message(f"The latest {len(cards)} deals", tuple(cards), next_step="/deals deal 17")
