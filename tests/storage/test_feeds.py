from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.deals.model import Triage
from bot.digests.model import Channel, Subscription
from bot.feeds.answer import Validators
from bot.feeds.model import Feed, Rhythm
from bot.feeds.moves import Move
from bot.storage import Storage
from bot.storage.feeds import LEASE
from bot.storage.model import Failure, FeedState, Origin
from tests.builders import PUBLISHED as NOW

HERE = Channel("terminal", "local", "screen")
ELSEWHERE = Channel("discord", "guild", "1")
PACKED = Feed("https://a.example/feed", "Alpha")
OWN = Feed("https://b.example/feed", "Beta")
LATER = NOW + timedelta(hours=1)


async def titles(storage: Storage, channel: Channel = HERE) -> list[str]:
    return [kept.feed.title for kept in await storage.feeds.list(channel)]


async def due(storage: Storage) -> list[str]:
    return [feed.feed.title for feed in await storage.feeds.claim_due(NOW, 10)]


async def test_seeds_are_read_by_everyone(storage: Storage) -> None:
    await storage.feeds.seed([(PACKED, Origin.PACK)], NOW)
    assert await titles(storage) == await titles(storage, ELSEWHERE) == ["Alpha"]


async def test_seeding_again_adds_what_is_new_and_brings_titles_up_to_date(storage: Storage) -> None:
    await storage.feeds.seed([(PACKED, Origin.PACK)], NOW)
    await storage.feeds.seed([(Feed(PACKED.url, "Alpha News"), Origin.CONFIG), (OWN, Origin.CONFIG)], NOW)
    assert await titles(storage) == ["Alpha News", "Beta"]


async def test_a_seed_that_leaves_the_configuration_is_asked_no_more(storage: Storage) -> None:
    await storage.feeds.seed([(PACKED, Origin.PACK)], NOW)
    await storage.feeds.seed([], NOW)
    assert await titles(storage) == []
    assert await due(storage) == []


async def test_an_added_feed_is_on_one_workspaces_list_only(storage: Storage) -> None:
    added = await storage.feeds.add(HERE, OWN, NOW)
    assert not added.already
    assert await titles(storage) == ["Beta"]
    assert await titles(storage, ELSEWHERE) == []


async def test_adding_what_is_there_says_so(storage: Storage) -> None:
    await storage.feeds.seed([(PACKED, Origin.PACK)], NOW)
    assert (await storage.feeds.add(HERE, PACKED, NOW)).already


async def test_a_removed_seed_stays_removed_when_the_bot_starts_again(storage: Storage) -> None:
    await storage.feeds.seed([(PACKED, Origin.PACK)], NOW)
    await storage.subscriptions.save(Subscription(HERE), LATER, NOW)
    (kept,) = await storage.feeds.list(HERE)
    await storage.feeds.remove(HERE, kept.id, NOW)
    await storage.feeds.seed([(PACKED, Origin.PACK)], NOW)
    assert await titles(storage) == []
    assert await titles(storage, ELSEWHERE) == ["Alpha"]
    assert await due(storage) == []


async def test_a_seed_is_asked_while_another_subscribed_workspace_reads_it(storage: Storage) -> None:
    await storage.feeds.seed([(PACKED, Origin.PACK)], NOW)
    for channel in (HERE, ELSEWHERE):
        await storage.subscriptions.save(Subscription(channel), LATER, NOW)
    (kept,) = await storage.feeds.list(HERE)
    await storage.feeds.remove(HERE, kept.id, NOW)
    assert await due(storage) == ["Alpha"]


async def test_one_url_is_asked_once_however_many_want_it(storage: Storage) -> None:
    await storage.feeds.add(HERE, OWN, NOW)
    await storage.feeds.add(ELSEWHERE, OWN, NOW)
    assert await due(storage) == ["Beta"]
    assert await due(storage) == []


async def test_a_claim_that_nobody_ends_is_given_out_again_after_its_lease(storage: Storage) -> None:
    await storage.feeds.add(HERE, OWN, NOW)
    assert len(await storage.feeds.claim_due(NOW, 10)) == 1
    assert len(await storage.feeds.claim_due(NOW + LEASE - timedelta(seconds=1), 10)) == 0
    assert len(await storage.feeds.claim_due(NOW + LEASE, 10)) == 1


async def test_validators_come_back_byte_for_byte(storage: Storage) -> None:
    await storage.feeds.add(HERE, OWN, NOW)
    (feed,) = await storage.feeds.claim_due(NOW, 1)
    odd = Validators('W/"a-gzip"', "yesterday, perhaps")
    await storage.polls.record(feed, FeedState(LATER, odd, "hash"), Triage(), (), NOW)
    (again,) = await storage.feeds.claim_due(LATER, 1)
    assert (again.validators, again.body_hash, again.first_read) == (odd, "hash", NOW)


SETTLED = FeedState(LATER, Validators("a", "b"), "hash", "as usual")


@pytest.mark.parametrize(
    "state",
    [
        SETTLED,
        replace(SETTLED, next_poll=LATER + LEASE, why="after its quiet hours"),
        replace(SETTLED, validators=Validators("new", "b")),
        replace(SETTLED, validators=Validators("a", None)),
        replace(SETTLED, body_hash="other"),
        replace(SETTLED, rhythm=Rhythm(wish=timedelta(hours=3))),
        replace(SETTLED, move=Move("https://b.example/moved", NOW)),
    ],
)
async def test_a_good_answer_leaves_behind_what_it_says_and_nothing_else_changes(
    storage: Storage, state: FeedState
) -> None:
    await storage.feeds.add(HERE, OWN, NOW)
    (feed,) = await storage.feeds.claim_due(NOW, 1)
    await storage.polls.record(feed, SETTLED, Triage(), (), NOW)
    (feed,) = await storage.feeds.claim_due(LATER, 1)
    await storage.polls.record(feed, state, Triage(), (), LATER)
    assert await storage.feeds.claim_due(state.next_poll - timedelta(seconds=1), 1) == ()
    (again,) = await storage.feeds.claim_due(state.next_poll, 1)
    said = {"validators": state.validators, "body_hash": state.body_hash, "rhythm": state.rhythm, "move": state.move}
    assert again == replace(feed, asked=LATER, **said)  # type: ignore[arg-type]
    (kept,) = await storage.feeds.list(HERE)
    assert (kept.last_success, kept.first_read, kept.why) == (LATER, NOW, state.why)


async def test_a_failure_is_counted_and_shown_until_a_good_answer(storage: Storage) -> None:
    await storage.feeds.add(HERE, OWN, NOW)
    (feed,) = await storage.feeds.claim_due(NOW, 1)
    await storage.feeds.record_failure(feed, Failure("HTTP 500", LATER), NOW)
    (feed,) = await storage.feeds.claim_due(LATER, 1)
    await storage.feeds.record_failure(feed, Failure("HTTP 503", LATER), LATER)
    coverage = await storage.feeds.coverage(HERE)
    assert (coverage.total, coverage.read) == (1, 0)
    assert [(each.since, each.reason) for each in coverage.failing] == [(NOW, "HTTP 503")]
    (feed,) = await storage.feeds.claim_due(LATER, 1)
    assert feed.failures == 2
    await storage.polls.record(feed, FeedState(LATER, Validators(), None), Triage(), (), LATER)
    assert (await storage.feeds.coverage(HERE)).failing == ()
