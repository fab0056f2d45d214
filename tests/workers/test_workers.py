"""What publishers send is read in children that can be lost without loss."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.deals.model import Announcement, Rejected
from bot.feeds.answer import Fetched
from bot.feeds.model import Entry, Feed, News, NotAFeed, ParsedFeed
from bot.workers.pool import ReadFeed, Workers

FEED = "https://example.com/feed"
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc, or needs a limit on address space")


def fetched(body: str | bytes, content_type: str = "application/xml") -> Fetched:
    return Fetched(FEED, body.encode() if isinstance(body, str) else body, content_type)


def rss(items: str) -> str:
    return f"<rss version='2.0'><channel><title>Example News</title>{items}</channel></rss>"


def unusual(feed: str) -> str:
    """The feed as one that only feedparser may read, which is slow and hungry."""
    return feed.replace("2.0", "0.92", 1)


SMALL = rss("<item><title>Acme signs</title><link>/a</link><pubDate>Wed, 25 Nov 2026 08:00:00 GMT</pubDate></item>")
# Attributes cost feedparser time with the square of their number.
SLOW = unusual(rss("<item " + " ".join(f"a{n}='1'" for n in range(60_000)) + "/>"))
BODY = "Acme Health and Borealis Cloud announced a partnership today. They will work together on imaging for ten years."


def entry(number: int = 1, body: str = BODY) -> Entry:
    return Entry(f"e{number}", (f"k{number}",), "Acme Health and Borealis Cloud announce a partnership", body)


@pytest.fixture
async def workers() -> AsyncIterator[Workers]:
    async with Workers(cpu=1.0, wall=60.0) as started:  # on a busy machine a second of computing takes long
        yield started


async def test_a_feed_is_parsed(workers: Workers) -> None:
    found = await workers.parse(fetched(SMALL), FEED, now=datetime(2026, 11, 25, tzinfo=UTC))
    assert isinstance(found, ParsedFeed)
    assert found.title == "Example News"
    assert found.entries[0].url == "https://example.com/a"
    assert found.entries[0].published == datetime(2026, 11, 25, 8, tzinfo=UTC)


async def test_a_date_in_the_future_is_missing(workers: Workers) -> None:
    found = await workers.parse(fetched(SMALL), FEED, now=datetime(2026, 11, 20, tzinfo=UTC))
    assert isinstance(found, ParsedFeed)
    assert found.entries[0].published is None


async def test_what_is_no_feed_says_why(workers: Workers) -> None:
    assert await workers.parse(fetched("<html></html>"), FEED) == NotAFeed("This is a web page, not a feed")


async def test_an_article_is_found(workers: Workers) -> None:
    text = "Acme Health has chosen Borealis Cloud for its records, and both will build on it for years to come."
    page = (
        "<html><body><nav>Home</nav><article>"
        + "".join(f"<p>{text} ({n})</p>" for n in range(5))
        + "</article></body></html>"
    )
    found = await workers.article(fetched(page, "text/html"))
    assert found is not None
    assert found.split("\n")[0] == f"{text} (0)"


async def test_a_page_without_an_article_has_none(workers: Workers) -> None:
    assert await workers.article(fetched("<html><body>Hi</body></html>", "text/html")) is None


async def test_entries_are_judged_in_order(workers: Workers) -> None:
    entries = [entry(n) if n % 2 else entry(n, "The weather stays fine.") for n in range(45)]
    judged = await workers.judge(entries, Feed(FEED, "Example News"))
    assert [each.entry for each in judged] == entries
    assert all(isinstance(each.verdict, Announcement | Rejected) for each in judged)
    assert any(isinstance(each.verdict, Announcement) for each in judged)


def news(count: int, words: str = BODY) -> str:
    """A feed of so many entries of today, and one of the year before."""
    items = "".join(
        f"<item><title>Acme Health and Borealis Cloud announce a partnership</title><link>/{number}</link>"
        f"<pubDate>{date}</pubDate><description>{words}</description></item>"
        for number, date in enumerate(["Wed, 25 Nov 2026 08:00:00 GMT"] * count + ["Mon, 24 Nov 2025 08:00:00 GMT"])
    )
    return rss(items)


NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
TODAY = News(NOW - timedelta(days=1), undated=False)


async def test_what_is_news_in_a_body_is_judged_with_it_and_the_rest_goes_without_a_body(workers: Workers) -> None:
    read = await workers.read(fetched(news(45)), Feed(FEED, "Example News"), TODAY, now=NOW)
    assert isinstance(read, ReadFeed)
    *judged, old = read.parsed.entries
    assert [each.entry for each in read.judged] == judged
    assert len(judged) == 45
    assert read.judged == await workers.judge(judged, Feed(FEED, "Example News"))
    assert (old.url, old.body) == ("https://example.com/45", "")


async def test_a_body_that_cannot_be_read_has_nothing_to_judge(workers: Workers) -> None:
    read = await workers.read(fetched("<html></html>"), Feed(FEED, "N"), TODAY, now=NOW)
    assert read == NotAFeed("This is a web page, not a feed")


async def test_entries_that_together_take_too_long_to_judge_are_judged_one_by_one() -> None:
    dear = (
        "Acme Health, the maker of Globex Records, announced with Initech Labs a deal worth $3 million in Ohio. " * 30
    )
    async with Workers(cpu=0.2) as workers:
        read = await workers.read(fetched(news(8, dear)), Feed(FEED, "Example News"), TODAY, now=NOW)
    assert isinstance(read, ReadFeed)
    assert len(read.judged) == 8
    assert not any("could not be read" in reason.text for each in read.judged for reason in each.verdict.reasons)


async def test_no_entries_need_no_child(workers: Workers) -> None:
    assert await workers.judge([], Feed(FEED, "Example News")) == ()


async def test_a_body_that_computes_too_long_is_given_up_and_the_next_one_read(workers: Workers) -> None:
    assert await workers.parse(fetched(SLOW), FEED) == NotAFeed("It could not be read within 1 seconds of computing")
    assert isinstance(await workers.parse(fetched(SMALL), FEED), ParsedFeed)


async def test_the_event_loop_goes_on_while_a_child_chews(workers: Workers) -> None:
    chewing = asyncio.create_task(workers.parse(fetched(SLOW), FEED))
    worst, last = 0.0, time.monotonic()
    while not chewing.done():
        await asyncio.wait([chewing], timeout=0.01)
        worst, last = max(worst, time.monotonic() - last), time.monotonic()
    assert worst < 0.5
    assert isinstance(await chewing, NotAFeed)


@LINUX
async def test_a_child_that_is_stopped_from_outside_is_replaced_when_time_is_up() -> None:
    async with Workers(cpu=60.0, wall=1.5) as workers:
        await workers.parse(fetched(SMALL), FEED)
        (child,) = children()
        job = asyncio.create_task(workers.parse(fetched(SLOW), FEED))
        await busy(child)
        os.kill(child, signal.SIGSTOP)
        assert await job == NotAFeed("It could not be read within 1.5 seconds")
        assert isinstance(await workers.parse(fetched(SMALL), FEED), ParsedFeed)


@LINUX
async def test_a_child_that_is_killed_at_work_fails_its_job_only() -> None:
    async with Workers(cpu=60.0, wall=60.0) as workers:
        await workers.parse(fetched(SMALL), FEED)
        (child,) = children()
        job = asyncio.create_task(workers.parse(fetched(SLOW), FEED))
        await busy(child)
        os.kill(child, signal.SIGKILL)
        assert await job == NotAFeed("It could not be read within our limits")
        assert isinstance(await workers.parse(fetched(SMALL), FEED), ParsedFeed)


@LINUX
async def test_a_child_that_is_killed_at_rest_is_not_missed(workers: Workers) -> None:
    await workers.parse(fetched(SMALL), FEED)
    (child,) = children()
    os.kill(child, signal.SIGKILL)
    assert isinstance(await workers.parse(fetched(SMALL), FEED), ParsedFeed)


@LINUX
async def test_a_body_that_needs_too_much_memory_is_given_up() -> None:
    # Enough to load everything and to read a small feed, and not enough for this one.
    items = (f"<item><title>{n}</title><description>{'病' * 9_000}</description></item>" for n in range(350))
    body = unusual(rss("".join(items)))
    async with Workers(memory=96 * 1024 * 1024) as workers:
        assert isinstance(await workers.parse(fetched(SMALL), FEED), ParsedFeed)
        found = await workers.parse(fetched(body), FEED)
        assert isinstance(found, NotAFeed)
        assert found.reason in (
            "It could not be read within our limits of memory",
            "It could not be read within our limits",
        )
        assert isinstance(await workers.parse(fetched(SMALL), FEED), ParsedFeed)


async def test_the_largest_honest_feed_fits() -> None:
    items = "".join(f"<item><title>{n}</title><description>{'病' * 6_000} {n}</description></item>" for n in range(500))
    async with Workers() as workers:
        found = await workers.parse(fetched(rss(items)), FEED)
    assert isinstance(found, ParsedFeed), found
    assert len(found.entries) == 500


async def test_a_cancelled_job_leaves_its_place_to_others(workers: Workers) -> None:
    job = asyncio.create_task(workers.parse(fetched(SLOW), FEED))
    await asyncio.wait([job], timeout=0.3)
    job.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await job
    assert isinstance(await workers.parse(fetched(SMALL), FEED), ParsedFeed)


@LINUX
async def test_children_have_no_secrets_and_stand_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PACTWIRE_SLACK_BOT_TOKEN", "canary")
    async with Workers() as workers:
        await workers.parse(fetched(SMALL), FEED)
        (child,) = children()
        assert b"canary" not in Path(f"/proc/{child}/environ").read_bytes()
        assert Path(f"/proc/{child}/cwd").readlink() == Path("/")
        assert os.getsid(child) != os.getsid(0)


@LINUX
async def test_no_child_outlives_the_workers() -> None:
    async with Workers(count=2) as workers:
        await asyncio.gather(*(workers.parse(fetched(SMALL), FEED) for _ in range(4)))
        assert len(children()) == 2
    assert children() == []


@LINUX
async def test_children_end_when_the_parent_is_killed() -> None:
    program = (
        "import asyncio\nfrom bot.feeds.answer import Fetched\nfrom bot.workers.pool import ReadFeed, Workers\n"
        "async def main():\n    async with Workers() as workers:\n"
        "        await workers.parse(Fetched('https://example.com/', b'<rss/>', ''), 'https://example.com/')\n"
        "        (child,) = workers._children\n        print(child.pid, flush=True)\n        await asyncio.sleep(60)\n"
        "asyncio.run(main())\n"
    )
    parent = await asyncio.create_subprocess_exec(sys.executable, "-c", program, stdout=asyncio.subprocess.PIPE)
    assert parent.stdout is not None
    child = int(await parent.stdout.readline())
    assert is_running(child)
    parent.kill()
    await parent.wait()
    await until(lambda: not is_running(child))


def children() -> list[int]:
    """The processes that this one has started."""
    found = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    return [int(pid) for pid in found if is_running(int(pid))]


def is_running(pid: int) -> bool:
    """Whether a process is there and no zombie."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


def ticks(pid: int) -> int:
    """How much a process has computed, in the kernel's ticks."""
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11])


async def busy(pid: int) -> None:
    """Waits until a process computes."""
    before = ticks(pid)
    await until(lambda: ticks(pid) >= before + 3)


async def until(is_true: Callable[[], bool]) -> None:
    """Waits for something that the kernel does in its own time."""
    for _ in range(500):
        if is_true():
            return
        await asyncio.sleep(0.02)
    raise TimeoutError


async def test_a_text_of_doubtful_language_is_judged_like_any_other(workers: Workers) -> None:
    """The language model that it wakes is loaded within the limits."""
    doubtful = "Clinic opened beds nurses data platform cloud region patients the care system team year " * 5
    (judged,) = await workers.judge([entry(body=doubtful)], Feed(FEED, "Example News"))
    assert not any("could not be read" in reason.text for reason in judged.verdict.reasons)
