"""Real input over loopback: feed files and labelled posts are served, polled twice and told.

`python -m tests.training.real_input FEEDS_FOLDER POSTS.jsonl` serves every file of the folder as it is, makes a feed of
the posts of each source, polls all of them twice (a day apart by the clock that polling is given), delivers a digest to
stdout, and prints what it counted and cost. The database lies in a scratch folder that is removed afterwards.
"""

from __future__ import annotations

import asyncio
import json
import re
import resource
import sys
import tempfile
import time
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from pathlib import Path

from bot.app import default_subscription, open_app
from bot.config import Config, Digests, Feeds, FeedTable, Pactwire, Polling
from bot.logs import configure
from bot.platforms.terminal.client import CHANNEL
from bot.storage.model import Origin
from bot.web.server import LocalServer, Page

Post = dict[str, str]


def feed_of(source: str, posts: list[Post]) -> Page:
    """An RSS feed of one source's posts."""
    items = "".join(
        f"<item><title>{escape(post['title'])}</title><link>{escape(post['url'])}</link>"
        f"<guid isPermaLink='false'>{escape(post['id'])}</guid><pubDate>{dated(post.get('published'))}</pubDate>"
        f"<description>{escape(escape(post['text']))}</description></item>"
        for post in posts
    )
    body = f"<rss version='2.0'><channel><title>{escape(source)}</title>{items}</channel></rss>"
    return Page(body.encode(), "application/rss+xml; charset=utf-8")


def dated(published: str | None) -> str:
    """The date of a post as a feed writes it; of an ISO date the day or the month may be missing."""
    iso = re.match(r"(\d{4})-(\d{2})(?:-(\d{2}))?", published or "")
    if iso is None:
        return published or ""
    return format_datetime(datetime(int(iso[1]), int(iso[2]), int(iso[3] or 1), tzinfo=UTC))


def served(folder: Path, posts_file: Path) -> tuple[dict[str, Page], dict[str, Post]]:
    """Every page by its path, and what the feeds of posts are."""
    pages = {f"/files/{path.name}": Page(path.read_bytes(), "text/xml") for path in sorted(folder.glob("*.xml"))}
    by_source: dict[str, list[Post]] = defaultdict(list)
    for line in posts_file.read_text(encoding="utf-8").splitlines():
        post = json.loads(line)
        by_source[post["source"]].append(post)
    told = {f"/posts/{number}": posts[0] for number, posts in enumerate(by_source.values())}
    pages |= {path: feed_of(post["source"], by_source[post["source"]]) for path, post in told.items()}
    return pages, told


async def main(folder: Path, posts_file: Path) -> None:
    """Serve, poll twice, tell once, and report."""
    configure("error", "text")
    pages, told = served(folder, posts_file)
    with tempfile.TemporaryDirectory() as scratch:
        async with LocalServer(pages) as server:
            feeds = tuple(
                FeedTable.model_validate(
                    {
                        "url": server.url(path),
                        "title": told[path]["source"] if path in told else path.rpartition("/")[2],
                        "owner": told.get(path, {}).get("publisher"),
                        "register": "vendor_blog" if told.get(path, {}).get("publisher") else "trade_news",
                    }
                )
                for path in pages
            )
            config = Config(
                pactwire=Pactwire(database=Path(scratch) / "real.db"),
                feeds=Feeds(packs=(), add=feeds),
                polling=Polling(
                    host_pause_seconds=0,
                    first_poll_days=36500,
                    allow_addresses=("127.0.0.0/8",),
                    allow_ports=(server.port,),
                    workers=2,
                ),
                digests=Digests(maximum=50),
            )
            async with open_app(config) as app:
                now = datetime.now(UTC)
                await app.storage.feeds.seed([(table.feed(), Origin.CONFIG) for table in feeds], now)
                wanted = default_subscription(config)
                kept = await app.storage.subscriptions.save(wanted, now + timedelta(days=9), now)
                for again in (timedelta(), timedelta(days=1)):
                    began = time.monotonic()
                    # One publisher, as this machine is here, is asked so many things a round; the next tick goes on.
                    for tick in range(9):
                        report = await app.poller.poll_due(now + again + tick * timedelta(minutes=1))
                        print(report, *report.failures, sep="\n  ", file=sys.stderr)
                    print(f"polled in {time.monotonic() - began:.1f} s", file=sys.stderr)
                await app.deliverer.deliver_now(kept, now + timedelta(days=1))
                known = await app.storage.deals.latest(CHANNEL, 10_000)
        merged = [len(each.deal.announcements) for each in known if len(each.deal.announcements) > 1]
        print(
            f"{len(known)} deals, {len(merged)} of them told more than once ({sum(merged)} announcements)",
            file=sys.stderr,
        )
    for name, who in (("this process", resource.RUSAGE_SELF), ("largest child", resource.RUSAGE_CHILDREN)):
        print(f"peak memory of {name}: {resource.getrusage(who).ru_maxrss // 1024} MiB", file=sys.stderr)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), Path(sys.argv[2])))
