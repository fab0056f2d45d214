"""What the golden files show. `python -m tests.platforms.slack.golden_cases` writes them anew, to be looked at."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.deals.model import FactName, KnownDeal
from bot.digests.compose import told
from bot.digests.details import deal_details
from bot.digests.message import Message, Table
from bot.digests.model import Channel, Coverage, Digest, FailingFeed, Slot, Subscription
from bot.platforms.slack.home import home
from bot.platforms.slack.render import render
from bot.platforms.slack.wishes import chosen_from, wishes_form
from bot.storage.model import KeptSubscription
from tests.builders import PUBLISHED, announcement, fact, known

FOLDER = Path(__file__).parent / "golden"
HERE = Channel("slack", "T1", "C1")


def cases() -> Mapping[str, object]:
    """Each file's name and what stands in it."""
    kept = KeptSubscription(1, Subscription(HERE), PUBLISHED + timedelta(days=1), PUBLISHED)
    paused = KeptSubscription(
        2, Subscription(Channel("slack", "T1", "C2")), PUBLISHED, PUBLISHED, paused_reason="the channel is archived"
    )
    coverage = Coverage(3, 2, (FailingFeed("Example & Sons", PUBLISHED - timedelta(hours=5), "HTTP 403"),))
    refusal = Message("There is no command “lattest”. Did you mean /deals latest? /deals help lists them all.")
    table = Message("What this channel gets", (Table((("When", "weekdays at 08:00, UTC"), ("Sectors", "any"))),))
    return {
        "digest": _shown(digest(coverage)),
        "nothing_new": _shown(told(Digest(_slot(), "UTC", PUBLISHED, (), 0, coverage), root="deals")),
        "details": _shown(deal_details(_deal(), root="deals")),
        "refusal": _shown(refusal),
        "table": _shown(table),
        "home": home([kept, paused], coverage, [_deal()], "deals"),
        "form": wishes_form(chosen_from(Subscription(HERE), "Europe/Oslo"), "“noonish” is no time."),
    }


def digest(coverage: Coverage) -> Message:
    """One deal told by two publishers, one more that had no room, and a feed that could not be read."""
    return told(Digest(_slot(), "UTC", PUBLISHED - timedelta(days=1), (_deal(),), 1, coverage), root="deals")


def _deal() -> KnownDeal:
    own = announcement("Acme Newsroom", entry="e2", first_party=True, published=datetime(2026, 11, 22, tzinfo=UTC))
    facts = (fact(FactName.TERM, "10 years"), fact(FactName.REGION, "Oslo", "Oslo"))
    return known(facts=facts, announcements=(announcement(), own))


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for name, shown in cases().items():
        (FOLDER / f"{name}.json").write_text(written(shown), encoding="utf-8")


def written(shown: object) -> str:
    """The file of a case."""
    return json.dumps(shown, indent=1, ensure_ascii=False) + "\n"


def _slot() -> Slot:
    return Slot(PUBLISHED.replace(tzinfo=None), PUBLISHED)


def _shown(message: Message) -> object:
    rendered = render(message)
    return {"text": rendered.text, "blocks": list(rendered.blocks)}


if __name__ == "__main__":
    main()
