"""Whatever a workspace asks, with whatever numbers: it learns nothing of another one, and changes nothing there."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

import pytest

from bot.digests.message import Message
from bot.digests.model import Channel, Slot, Subscription
from bot.errors import UserError
from bot.web.server import Page
from tests.builders import PUBLISHED, announced, entry, rejected
from tests.desk import HERE, NOW, Desk, shown
from tests.feedkit import DEAL

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture
def desk(reading_desk: Desk) -> Desk:
    return reading_desk


IDS = int(os.environ.get("IDS", "5"))
SECRETS = ("Acme", "Borealis", "alpha", "Alpha", "e1", "passed over", "part 0", "u-manager")
ELSEWHERE = (replace(HERE, workspace="other"), replace(HERE, platform="discord"), Channel("slack", "T1", HERE.id))
KNOWN = "https://example.com/e1"

# Every command, with what belongs to the other workspace where something can be named. {} stands for a number.
ASKED = {
    "help": "help",
    "latest": "latest 25",
    "deal": "deal {}",
    "search": "search acme",
    "why": f"why {KNOWN}",
    "judge": "judge <page>",
    "sources": "sources {}",
    "follow": "follow {}",
    "wrong": "wrong {} partnership",
    "subscribe": "subscribe",
    "settings": "settings",
    "digest preview": "digest preview",
    "unsubscribe": "unsubscribe",
    "resume": "resume",
    "feeds list": "feeds list",
    "feeds add": "feeds add <nothing>",
    "feeds remove": "feeds remove {}",
    "feeds check": "feeds check",
    "feeds import": "feeds import <nothing>",
    "feeds export": "feeds export",
    "managers": "managers",
    "managers add": "managers add <@u2>",
    "managers remove": "managers remove <@u-manager>",
    "status": "status",
    "deliveries list": "deliveries list",
    "deliveries retry": "deliveries retry {}",
    "deliveries discard": "deliveries discard {}",
}


async def settle(desk: Desk) -> None:
    """HERE has a feed, a deal, rejected and old entries, a manager, and a digest that waits."""
    await desk.tell(announced(), rejected("e2"), passed=(entry("e3", title="passed over"),))
    kept = await desk.storage.subscriptions.save(Subscription(HERE), NOW, NOW - timedelta(days=1))
    slot = Slot(datetime(2026, 11, 23, 8), NOW - timedelta(hours=4))
    await desk.storage.deliveries.claim(kept, slot, (Message("part 0"),), NOW + timedelta(days=1), NOW)
    await desk.storage.managers.add(HERE, "u-manager", "u1", NOW)
    desk.pages["/page"] = Page(f"<title>{DEAL[0]}</title><p>{DEAL[1]}</p>".encode(), "text/html")


async def asked(desk: Desk, line: str, place: Channel) -> str:
    """All that is said to a manager there, be it an answer or a refusal."""
    line = line.replace("<page>", desk.server.url("/page")).replace("<nothing>", desk.server.url("/nothing"))
    try:
        return shown(await desk.ask(line, channel=place))
    except UserError as refusal:
        return str(refusal)


async def everything(desk: Desk) -> list[str]:
    lines = ("latest 25", "deal 1", "sources 1", "feeds list", "managers", "deliveries list", "settings", "status")
    return [await asked(desk, line, HERE) for line in lines]


async def test_every_command_is_asked_here(desk: Desk) -> None:
    assert ASKED.keys() == {command.name for command in desk.commands}


@pytest.mark.parametrize("place", ELSEWHERE, ids=lambda place: f"{place.platform}-{place.workspace}")
async def test_no_command_tells_or_changes_anything_of_another_workspace(desk: Desk, place: Channel) -> None:
    await settle(desk)
    before = await everything(desk)
    assert "Acme" in before[0]
    assert "a known one" in await asked(desk, ASKED["judge"], HERE)
    dice = Random(27)
    for name, line in ASKED.items():
        numbers = (1, 2, 3, *(dice.randrange(-(2**63), 2**63) for _ in range(IDS))) if "{}" in line else (0,)
        for number in numbers:
            said = await asked(desk, line.format(number), place)
            given = line.replace("u-manager", "")
            told = [secret for secret in SECRETS if secret in said.replace(KNOWN, "") and secret not in given]
            assert not told or name == "judge", f"{line.format(number)} tells {told}: {said}"
            assert "Not known here" in said or name != "judge", said
    assert await everything(desk) == before


async def test_what_a_workspace_learns_itself_it_is_told(desk: Desk) -> None:
    """The other side of it: with a feed of its own that tells the same deal, it is told."""
    await settle(desk)
    place = ELSEWHERE[0]
    await desk.tell(announced("e9", publisher="Second News", published=PUBLISHED), feed="beta", place=place)
    assert "Acme" in await asked(desk, "latest", place)
    assert "alpha" not in await asked(desk, "sources 1", place)
