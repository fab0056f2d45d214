from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from bot.deals.merge import party_keys
from bot.deals.model import Announcement, Judged
from bot.deals.triage import triage
from bot.digests.message import Message
from bot.digests.model import Channel, Slot, Subscription
from bot.feeds.answer import Validators
from bot.feeds.keys import hash_key
from bot.feeds.model import Entry, Feed
from bot.storage import Storage
from bot.storage.model import FeedState, KeptSubscription, Notice, Outcome
from tests.builders import PUBLISHED as NOW
from tests.builders import announced, entry, rejected

HERE = Channel("terminal", "local", "screen")
ELSEWHERE = Channel("discord", "guild", "1")
IDS = int(os.environ.get("IDS", "300"))
KEYS = ["fold:acme health", "acme health"]


async def record(storage: Storage, *judged: Judged, feed: str = "alpha", passed: tuple[Entry, ...] = ()) -> None:
    """One poll of a feed of HERE's that brings these."""
    await storage.feeds.add(HERE, Feed(f"https://{feed}.example/feed", feed.title()), NOW)
    due = {each.feed.title: each for each in await storage.feeds.claim_due(NOW + timedelta(days=9), 10)}
    state = FeedState(NOW, Validators(), None)
    announcements = [each.verdict for each in judged if isinstance(each.verdict, Announcement)]
    keys = {key for each in announcements for party in each.parties for key in party_keys(party)}
    known = await storage.deals.related(keys, NOW - timedelta(days=30))
    await storage.polls.record(due[feed.title()], state, triage(judged, known), passed, NOW)


async def subscribed(storage: Storage) -> KeptSubscription:
    return await storage.subscriptions.save(Subscription(HERE), NOW + timedelta(hours=1), NOW)


async def tell(storage: Storage, kept: KeptSubscription, deal: int) -> None:
    """Freeze a digest with this deal."""
    slot = Slot(NOW.replace(tzinfo=None), NOW)
    assert await storage.deliveries.claim(kept, slot, (Message("one", deals=(deal,)),), NOW + timedelta(days=1), NOW)


async def test_a_deal_comes_back_as_it_was_told(storage: Storage) -> None:
    told = announced()
    await record(storage, told)
    (known,) = await storage.deals.latest(HERE, 5)
    assert known.deal.announcements == (told.verdict,)
    assert known.first_seen == NOW
    assert await storage.deals.get(HERE, known.id) == known


async def test_two_feeds_announcing_one_deal_make_one_deal(storage: Storage) -> None:
    await record(storage, announced("e1"))
    await record(storage, announced("e2", publisher="Second News"), feed="beta")
    (known,) = await storage.deals.latest(HERE, 5)
    assert {each.publisher for each in known.deal.announcements} == {"Example News", "Second News"}


async def test_no_id_whatever_shows_a_deal_of_another_workspace(storage: Storage) -> None:
    await record(storage, announced())
    assert await storage.deals.get(HERE, 1) is not None
    ids = (*range(-5, 20), *(Random(27).randrange(-(2**63), 2**63) for _ in range(IDS)))
    assert [number for number in ids if await storage.deals.get(ELSEWHERE, number)] == []


async def test_a_workspace_is_told_only_what_its_own_feeds_say(storage: Storage) -> None:
    await record(storage, announced())
    assert await storage.deals.latest(ELSEWHERE, 5) == ()
    assert await storage.deals.get(ELSEWHERE, 1) is None
    assert await storage.deals.search(ELSEWHERE, ["acme"], None, 5) == ()
    assert await storage.deals.verdict(ELSEWHERE, "https://example.com/e1") is None


async def test_an_entry_is_known_under_any_of_its_keys(storage: Storage) -> None:
    await record(storage, announced("e1"), rejected("e2"), passed=(entry("e3"),))
    (feed,) = await storage.feeds.claim_due(NOW + timedelta(days=9), 1)
    moved = entry("new", keys=("link:https://example.com/new", "title:e1|2026-11-23"))
    fresh = entry("e4")
    offered = [entry("e1"), entry("e2"), entry("e3"), moved, fresh]
    known = (await storage.deals.known_keys([feed.id]))[feed.id]
    assert [each for each in offered if known.isdisjoint(map(hash_key, each.keys))] == [fresh]


async def test_what_is_known_of_several_feeds_is_told_for_each_alone(storage: Storage) -> None:
    await record(storage, rejected("e1"))
    (feed,) = await storage.feeds.claim_due(NOW + timedelta(days=9), 1)
    known = await storage.deals.known_keys([feed.id, feed.id + 1])
    assert known == {feed.id: frozenset(map(hash_key, entry("e1").keys)), feed.id + 1: frozenset()}


async def test_recording_a_poll_twice_changes_nothing(storage: Storage) -> None:
    await record(storage, announced())
    before = await storage.deals.latest(HERE, 5)
    await record(storage, announced())
    assert [each.id for each in await storage.deals.latest(HERE, 5)] == [each.id for each in before]


@pytest.mark.parametrize(
    ("words", "found"),
    [(["acme"], True), (["ACME", "borealis"], True), (["acm"], False), (["acme", "oslo"], False), (["10-year"], True)],
)
async def test_search_finds_whole_words_in_any_case(storage: Storage, words: list[str], found: bool) -> None:
    await record(storage, announced())
    assert bool(await storage.deals.search(HERE, words, None, 5)) is found


async def test_search_looks_no_further_back_than_asked(storage: Storage) -> None:
    await record(storage, announced())
    assert await storage.deals.search(HERE, ["acme"], NOW - timedelta(days=1), 5)
    assert not await storage.deals.search(HERE, ["acme"], NOW + timedelta(days=1), 5)


@pytest.mark.parametrize("text", ["%", "_", "'; DROP TABLE deals; --", '"', "{0}", "\x00"])
async def test_hostile_words_find_nothing_and_break_nothing(storage: Storage, text: str) -> None:
    await record(storage, announced())
    await storage.deals.search(HERE, [text], None, 5)
    assert len(await storage.deals.latest(HERE, 5)) == 1


async def test_why_knows_what_became_of_each_entry(storage: Storage) -> None:
    await record(storage, announced("e1"), rejected("e2"), passed=(entry("e3"),))
    told = {name: await storage.deals.verdict(HERE, f"https://example.com/{name}") for name in ("e1", "e2", "e3", "e4")}
    outcomes = {name: seen and seen.outcome for name, seen in told.items()}
    expected = {"e1": Outcome.ANNOUNCEMENT, "e2": Outcome.REJECTED, "e3": Outcome.PASSED_OVER, "e4": None}
    assert outcomes == expected
    assert told["e2"] is not None
    assert told["e2"].reasons[0].text == "an acquisition, not a partnership"
    assert told["e1"] is not None
    assert told["e1"].deal == 1


async def test_a_deal_is_wanted_until_it_is_told(storage: Storage) -> None:
    kept = await subscribed(storage)
    await record(storage, announced())
    assert [known.id for known in await storage.deals.wanted(kept, NOW)] == [1]
    assert [known.id for known in await storage.deals.wanted(kept, NOW + timedelta(days=15))] == [1]
    later = replace(kept, since=NOW + timedelta(days=15))  # digests that came meanwhile had no room for it
    assert await storage.deals.wanted(later, NOW + timedelta(days=16)) == ()


async def test_a_new_subscription_does_not_ask_for_old_deals(storage: Storage) -> None:
    await record(storage, announced())
    later = NOW + timedelta(days=5)
    kept = await storage.subscriptions.save(Subscription(HERE), later, later)
    assert await storage.deals.wanted(kept, later) == ()


async def two_that_are_one(storage: Storage) -> list[int]:
    """The older and the younger of two deals that a third telling, of a day between, shows to be one."""
    await record(storage, announced("e1", published=NOW - timedelta(days=20)))
    await record(storage, announced("e2", published=NOW + timedelta(days=20)), feed="beta")
    return sorted(each.id for each in await storage.deals.latest(HERE, 5))


async def test_a_united_deal_keeps_its_old_ids_its_tellings_and_where_it_was_told(storage: Storage) -> None:
    kept = await subscribed(storage)
    old, young = await two_that_are_one(storage)
    await storage.feedback.follow(HERE, "U1", young, NOW)
    await tell(storage, kept, young)

    await record(storage, announced("e3", published=NOW), feed="gamma")

    (known,) = await storage.deals.latest(HERE, 5)
    assert known.id == old
    assert {each.entry for each in known.deal.announcements} == {"e1", "e2", "e3"}
    assert await storage.deals.get(HERE, young) == known
    assert await storage.feedback.followed(HERE, "U1") == (old,)
    assert await storage.deals.wanted(kept, NOW) == ()


async def test_a_digest_composed_before_two_deals_became_one_tells_the_one(storage: Storage) -> None:
    kept = await subscribed(storage)
    _, young = await two_that_are_one(storage)
    await record(storage, announced("e3", published=NOW), feed="gamma")

    await tell(storage, kept, young)

    assert await storage.deals.wanted(kept, NOW) == ()


async def test_a_withdrawn_digest_wants_again_what_its_deal_has_become(storage: Storage) -> None:
    kept = await subscribed(storage)
    old, young = await two_that_are_one(storage)
    await tell(storage, kept, young)
    await record(storage, announced("e3", published=NOW), feed="gamma")
    await storage.channels.pause(kept, "no permission", NOW, Notice(HERE, "paused", "paused"))

    await storage.channels.resume(HERE, NOW + timedelta(days=2))

    assert [known.id for known in await storage.deals.wanted(kept, NOW)] == [old]
