"""The worst feeds we know of come to little, and the next feed is read as if nothing had been."""

from __future__ import annotations

import pytest

from bot.feeds.model import NotAFeed, ParsedFeed
from bot.workers.pool import Workers
from tests.workers.attacks import ATTACKS, cost, only_for_feedparser, rss

SIZE = 40_000
GOOD = rss("<item><title>Acme signs</title><link>/a</link></item>")


@pytest.mark.parametrize("name", ATTACKS)
async def test_an_attack_becomes_a_few_clean_entries_or_a_sentence(name: str) -> None:
    async with Workers(cpu=1.0) as workers:
        for body in (ATTACKS[name](SIZE), only_for_feedparser(ATTACKS[name](SIZE))):
            found, _, still = await cost(workers, body)
            assert still < 1.0
            if isinstance(found, NotAFeed):
                assert found.reason.startswith(("It could not be read", "This looks like JSON", "This is"))
                continue
            assert len(found.entries) <= 500
            assert all(len(entry.title) <= 256 and len(entry.body) <= 20_000 for entry in found.entries)
            assert "file:" not in repr(found)
            assert "root:" not in repr(found)
        found, _, _ = await cost(workers, GOOD)
        assert isinstance(found, ParsedFeed)
        assert found.entries[0].title == "Acme signs"
