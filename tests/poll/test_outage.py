"""When our own network is down no feed has failed: that is said once, and once that it is over."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from bot.digests.model import Channel
from bot.feeds.answer import Answer, FetchFailed, Validators
from tests.feedkit import HERE, NOW
from tests.poll.publisher import Bot, Publisher, a_bot, steady, told

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
URLS = [f"https://p{number}.example/feed" for number in range(4)]
TWO = Channel("slack", "T2", "C1")
NOBODY = FetchFailed("The site's name cannot be looked up just now", is_unreached=True)


class Cable:
    """A network that is away from `begin` to `end`, and one publisher that is away for good."""

    def __init__(self, begin: timedelta, end: timedelta, dead: str = "") -> None:
        self.begin, self.end, self.dead = NOW + begin, NOW + end, dead

    def __call__(self, url: str, validators: Validators, now: datetime) -> Answer:
        away = self.begin <= now < self.end
        return NOBODY if away or url == self.dead else steady(url, validators, NOW)


async def followed(bot: Bot) -> None:
    for url in URLS:
        await bot.follow(url)
    await bot.follow(URLS[0], TWO)


async def test_three_days_without_a_network_are_told_once_and_so_is_their_end(tmp_path: Path) -> None:
    publisher = Publisher(Cable(DAY, 4 * DAY))
    async with a_bot(tmp_path / "db", publisher) as bot:
        await followed(bot)
        await bot.live(DAY + 20 * HOUR)
        assert await told(bot) == []
        await bot.live(2 * DAY)
    async with a_bot(tmp_path / "db", publisher) as bot:
        await bot.live(2 * HOUR)
        notices = await told(bot)
        assert sorted(workspace for workspace, _ in notices) == ["T2", "local"]
        assert all("has reached no site at all since 24 Nov 2026" in text for _, text in notices)
        assert await bot.storage.outages.since() is not None
        await bot.live(DAY)
        assert [text[:36] for _, text in await told(bot)] == 2 * ["Pactwire reaches the feeds again. It"]
        assert await bot.storage.outages.since() is None
        feeds = await bot.storage.feeds.list(HERE)
        assert all(each.failing_since is None for each in feeds)
        assert all(publisher.times(url)[-1] > NOW + 4 * DAY for url in URLS)


async def test_feeds_are_asked_again_soon_after_the_network_is_back(tmp_path: Path) -> None:
    publisher = Publisher(Cable(DAY, 4 * DAY))
    async with a_bot(tmp_path / "db", publisher) as bot:
        await followed(bot)
        await bot.live(4 * DAY + 1.2 * HOUR)
        for url in URLS:
            assert min(at for at in publisher.times(url) if at >= NOW + 4 * DAY) <= NOW + 4 * DAY + 1.2 * HOUR


async def test_some_hours_without_a_network_are_nothing_to_tell(tmp_path: Path) -> None:
    async with a_bot(tmp_path / "db", Publisher(Cable(DAY, DAY + 20 * HOUR))) as bot:
        await followed(bot)
        await bot.live(3 * DAY)
        assert await told(bot) == []


async def test_a_site_that_alone_cannot_be_reached_is_told_as_ever(tmp_path: Path) -> None:
    async with a_bot(tmp_path / "db", Publisher(Cable(DAY, DAY, dead=URLS[3]))) as bot:
        await followed(bot)
        await bot.live(3 * DAY)
        assert [text[:50] for _, text in await told(bot)] == ["The feed Example News could not be read for a day."]
        assert await bot.storage.outages.since() is None
