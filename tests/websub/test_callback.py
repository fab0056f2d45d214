"""What somebody who is no hub, or a hub that lies, can do at the address where hubs find us: nothing."""

from __future__ import annotations

import hmac
from collections.abc import AsyncIterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest

from bot.deals.model import Triage
from bot.feeds.answer import Validators
from bot.feeds.hubs import read_lease
from bot.feeds.model import Feed, Hub, Rhythm
from bot.storage import Storage
from bot.storage.model import FeedState, Lease, LeaseState
from bot.websub import Callback, Reply
from tests.feedkit import HERE, NOW
from tests.ready import open_ready

DAY = timedelta(days=1)
TOPIC = "https://news.example/feed?all=1&x=%20"
TOKEN, SECRET = "a" * 32, "b" * 32


@pytest.fixture
async def storage(tmp_path: Path) -> AsyncIterator[Storage]:
    """One feed, whose hub is to be asked."""
    async with open_ready(tmp_path / "db") as opened:
        await opened.feeds.add(HERE, Feed("https://news.example/feed", "News"), NOW)
        (due,) = await opened.feeds.claim_due(NOW, 1)
        rhythm = Rhythm(hub=Hub("https://hub.example/", TOPIC))
        await opened.polls.record(due, FeedState(NOW + DAY, Validators(), None, None, rhythm), Triage(), (), NOW)
        minted = iter([TOKEN, SECRET])
        await opened.leases.settle(NOW, lambda: next(minted))
        yield opened


async def lease(storage: Storage) -> Lease:
    found = await storage.leases.find(TOKEN)
    assert found is not None
    return found


async def get(storage: Storage, *, token: str = TOKEN, **asked: str) -> Reply:
    """What a GET with these parameters is answered with; an underscore stands for a full stop."""
    named = {f"hub.{name}": value for name, value in asked.items()}
    usual = {"hub.mode": "subscribe", "hub.topic": TOPIC, "hub.challenge": "abc", "hub.lease_seconds": "86400"}
    query = urlencode({name: value for name, value in {**usual, **named}.items() if value})
    return await Callback(storage.leases, lambda: NOW).answer("GET", f"/websub/{token}", query, (), b"")


async def post(
    storage: Storage, headers: tuple[tuple[str, str], ...], now: datetime = NOW, token: str = TOKEN
) -> Reply:
    return await Callback(storage.leases, lambda: now).answer("POST", f"/websub/{token}", "", headers, b"news")


def signed(method: str = "sha256", body: bytes = b"news") -> tuple[str, str]:
    return ("X-Hub-Signature", f"{method}={hmac.new(SECRET.encode(), body, method).hexdigest()}")


async def is_due_early(storage: Storage) -> bool:
    return bool(await storage.feeds.claim_due(NOW + timedelta(minutes=20), 1))


async def test_what_we_asked_for_is_confirmed_as_plain_text(storage: Storage) -> None:
    reply = await get(storage)
    assert (reply.status, reply.body, reply.content_type) == (200, "abc", "text/plain")
    assert ("X-Content-Type-Options", "nosniff") in reply.headers
    held = await lease(storage)
    assert (held.state, held.until) == (LeaseState.HELD, NOW + DAY)


@pytest.mark.parametrize(
    "asked",
    [
        {"topic": "https://news.example/feed"},
        {"topic": ""},
        {"mode": "unsubscribe"},
        {"mode": "publish"},
        {"mode": ""},
        {"challenge": ""},
        {"challenge": "x" * 1025},
        {"challenge": "a\r\nSet-Cookie: b"},
        {"challenge": "<script>" + "é"},
        {"mode": "denied", "topic": "https://other.example/"},
    ],
)
async def test_what_we_did_not_ask_for_is_unknown_here(storage: Storage, asked: Mapping[str, str]) -> None:
    assert (await get(storage, **asked)).status == 404
    assert (await lease(storage)).state is LeaseState.ASKING


@pytest.mark.parametrize("token", ["c" * 32, "", "A" * 32, "../a", "%00", TOKEN + "a", TOKEN[:-1]])
async def test_who_does_not_know_the_token_finds_nothing(storage: Storage, token: str) -> None:
    assert (await get(storage, token=token)).status == 404
    assert (await post(storage, (signed(),), token=token)).status == 410


async def test_other_methods_are_refused(storage: Storage) -> None:
    reply = await Callback(storage.leases, lambda: NOW).answer("DELETE", f"/{TOKEN}", "", (), b"")
    assert reply.status == 405


@pytest.mark.parametrize(
    "headers",
    [
        (),
        (signed("sha1"),),
        (signed("md5"),),
        (signed(body=b"other"),),
        (signed(), signed()),
        (("X-Hub-Signature", "sha256="),),
        (("X-Hub-Signature", signed()[1].partition("=")[2]),),
        (("X-Hub-Signature", "sha256=" + "0" * 64),),
        (("X-Hub-Signature", "sha256=" + "é" * 64),),
        (("X-Hub-Signature", f"sha512={signed()[1].partition('=')[2]}"),),
        (("X-Hub-Signature-256", signed()[1]),),
    ],
)
async def test_what_is_not_signed_well_is_answered_alike_and_does_nothing(
    storage: Storage, headers: tuple[tuple[str, str], ...]
) -> None:
    await get(storage)
    assert (await post(storage, headers)).status == 202
    assert not await is_due_early(storage)
    assert (await post(storage, (signed(),))).status == 202
    assert await is_due_early(storage)


async def test_nothing_is_heard_before_the_hub_promised_and_after_its_promise_ran_out(storage: Storage) -> None:
    assert (await post(storage, (signed(),))).status == 410
    await get(storage)
    assert (await post(storage, (signed(),), now=NOW + DAY)).status == 410
    assert not await is_due_early(storage)


async def test_a_hub_that_refuses_is_asked_again_after_a_week(storage: Storage) -> None:
    await get(storage)
    assert (await get(storage, mode="denied", challenge="", reason="<b>no</b>")).body == ""
    assert (await lease(storage)).state is LeaseState.REFUSED
    assert await storage.leases.due(NOW + 6 * DAY, 1) == ()
    assert len(await storage.leases.due(NOW + 7 * DAY, 1)) == 1
    assert (await post(storage, (signed(),))).status == 410


@pytest.mark.parametrize(
    ("seconds", "until"),
    [
        ("86400", DAY),
        ("1", timedelta(minutes=10)),
        ("0", timedelta(minutes=10)),
        ("999999999", timedelta(days=30)),
        ("-5", DAY),
        ("", DAY),
        ("10000000000", DAY),
        ("1e9", DAY),
        ("٣", DAY),
    ],
)
def test_a_lease_is_as_long_as_is_good_for_us(seconds: str, until: timedelta) -> None:
    found, renew = read_lease(seconds, NOW)
    assert found == NOW + until
    assert renew == NOW + until * 3 / 4
