"""Installations, receipts and named managers: each holds once, for one workspace."""

from __future__ import annotations

from datetime import timedelta

from bot.digests.model import Channel
from bot.storage import Storage
from bot.storage.installations import REMEMBERED, Installation
from tests.builders import PUBLISHED as NOW

HERE, THERE = Channel("slack", "T1", "C1"), Channel("slack", "T2", "C1")


def installed(workspace: str = "T1", token: str = "xoxb-canary") -> Installation:
    return Installation("slack", workspace, token, "U0BOT", "B0BOT", "U0ADMIN")


async def test_an_installation_takes_the_place_of_an_earlier_one_and_is_erased_with_all_it_named(
    storage: Storage,
) -> None:
    await storage.installations.save(installed(token="old"), NOW)
    await storage.installations.save(installed(), NOW)
    await storage.installations.save(installed("T2"), NOW)
    await storage.managers.add(HERE, "U1", "U0ADMIN", NOW)
    assert await storage.installations.get("slack", "T1") == installed()
    assert "canary" not in repr(installed())
    await storage.installations.forget("slack", "T1")
    assert await storage.installations.get("slack", "T1") is None
    assert not await storage.managers.holds(HERE, "U1")
    assert await storage.installations.get("slack", "T2") == installed("T2")


async def test_what_was_begun_ends_once_and_in_time(storage: Storage) -> None:
    await storage.installations.begin("s1", NOW + timedelta(minutes=10), NOW)
    assert not await storage.installations.end("s2", NOW)
    assert not await storage.installations.end("s1", NOW + timedelta(minutes=11))
    assert await storage.installations.end("s1", NOW)
    assert not await storage.installations.end("s1", NOW)


async def test_a_receipt_is_new_once_and_kept_for_days(storage: Storage) -> None:
    assert await storage.installations.receive("slack", "Ev1", NOW)
    assert not await storage.installations.receive("slack", "Ev1", NOW + timedelta(hours=1))
    assert await storage.installations.receive("discord", "Ev1", NOW)
    assert await storage.installations.receive("slack", "Ev1", NOW + REMEMBERED + timedelta(seconds=1))


async def test_a_manager_is_named_for_one_workspace(storage: Storage) -> None:
    assert await storage.managers.add(HERE, "U1", "U0ADMIN", NOW)
    assert not await storage.managers.add(HERE, "U1", "U0ADMIN", NOW)
    assert await storage.managers.holds(Channel("slack", "T1", "C9"), "U1")
    assert not await storage.managers.holds(THERE, "U1")
    assert await storage.managers.list(HERE) == ("U1",)
    assert await storage.managers.remove(HERE, "U1")
    assert not await storage.managers.remove(HERE, "U1")
