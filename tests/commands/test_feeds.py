"""Which feeds are read."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.commands.feeds import ADDS_AN_HOUR, CHECK_PAUSE, MOST_ADDED
from bot.digests.model import Channel
from bot.errors import UserError
from bot.feeds.model import Feed, Register, Sector
from bot.web.server import Page
from tests.builders import announced
from tests.desk import HERE, RSS, Desk, shown

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture
def desk(reading_desk: Desk) -> Desk:
    return reading_desk


FEED = Page(RSS, "application/rss+xml")
SITE = Page(
    b'<html><head><link rel="alternate" type="application/rss+xml" href="/news.xml"></head></html>', "text/html"
)
TWO = Page(
    b'<link rel="alternate" type="application/rss+xml" href="/gone.xml">'
    b'<link rel="alternate" type="application/rss+xml" href="/news.xml">'
    b'<link rel="alternate" type="application/rss+xml" href="/comments.xml">',
    "text/html",
)
PLAIN = Page(b"<html><body>Hello</body></html>", "text/html")


async def feeds(desk: Desk) -> list[Feed]:
    return [kept.feed for kept in await desk.storage.feeds.list(HERE)]


async def test_a_feed_is_added_and_shows_what_it_holds(desk: Desk) -> None:
    desk.pages["/news.xml"] = FEED
    reply = await desk.ask(f"feeds add {desk.server.url('/news.xml')}")
    said = shown(reply)
    assert reply.title == "Added: Acme News"
    for words in ("Entries | 2", "Newest | 22 Nov 2026", "Acme signs with Borealis"):
        assert words in said
    (feed,) = await feeds(desk)
    assert (feed.url, feed.title, feed.site) == (desk.server.url("/news.xml"), "Acme News", "https://acme.example/")


@pytest.mark.parametrize(("path", "page"), [("/", SITE), ("/blog", SITE), ("/two", TWO)])
async def test_a_sites_address_is_enough(desk: Desk, path: str, page: Page) -> None:
    desk.pages.update({path: page, "/news.xml": FEED})
    await desk.ask(f"feeds add {desk.server.url(path)}")
    assert [feed.url for feed in await feeds(desk)] == [desk.server.url("/news.xml")]


async def test_the_other_feeds_of_a_site_are_named(desk: Desk) -> None:
    desk.pages.update({"/": TWO, "/news.xml": FEED})
    reply = await desk.ask(f"feeds add {desk.server.url('/')}")
    assert reply.footer == (f"the site has another feed: {desk.server.url('/comments.xml')}",)


async def test_a_feed_at_a_usual_address_is_found_on_a_site_that_declares_none(desk: Desk) -> None:
    desk.pages.update({"/": PLAIN, "/atom.xml": FEED})
    await desk.ask(f"feeds add {desk.server.url('/')}")
    assert [feed.url for feed in await feeds(desk)] == [desk.server.url("/atom.xml")]


async def test_title_owner_sector_and_register_can_be_told(desk: Desk) -> None:
    desk.pages["/f"] = FEED
    await desk.ask(f'feeds add {desk.server.url("/f")} title:"Acme blog" owner:"Acme Health" sector:health_system')
    (feed,) = await feeds(desk)
    assert (feed.title, feed.owner, feed.sector) == ("Acme blog", "Acme Health", Sector.HEALTH_SYSTEM)
    assert feed.register is Register.VENDOR_BLOG


async def test_a_feed_that_is_there_already_is_not_added_twice(desk: Desk) -> None:
    desk.pages["/news.xml"] = FEED
    await desk.ask(f"feeds add {desk.server.url('/news.xml')}")
    reply = await desk.ask(f"feeds add {desk.server.url('/news.xml')}")
    assert reply.title == "On the list already: Acme News"
    assert len(await feeds(desk)) == 1


@pytest.mark.parametrize(
    ("pages", "address", "reply"),
    [
        (
            {},
            "/",
            "No feed found at 127.0.0.1. Tried 6 usual addresses; the site answered 404. "
            "If you know the feed's own address, try /deals feeds add <address>.",
        ),
        ({"/": PLAIN}, "/", "Tried 6 usual addresses; none of them holds a feed."),
        ({"/": SITE}, "/", "Tried the page's links and 6 usual addresses; none of them holds a feed."),
    ],
)
async def test_where_there_is_no_feed_it_says_what_was_tried(
    desk: Desk, pages: dict[str, Page], address: str, reply: str
) -> None:
    desk.pages.update(pages)
    with pytest.raises(UserError) as refusal:
        await desk.ask(f"feeds add {desk.server.url(address)}")
    assert reply in str(refusal.value)
    assert await feeds(desk) == []


@pytest.mark.parametrize("address", ["file:///etc/passwd", "http://", "http://10.0.0.1/feed", "http://localhost:1/"])
async def test_an_address_that_may_not_be_asked_is_refused(desk: Desk, address: str) -> None:
    with pytest.raises(UserError):
        await desk.ask(f"feeds add {address}")
    assert await feeds(desk) == []


async def test_a_workspace_has_room_for_fifty_feeds_of_its_own(desk: Desk) -> None:
    for number in range(MOST_ADDED):
        await desk.storage.feeds.add(HERE, Feed(f"https://f{number}.example/feed", f"Feed {number}"), desk.now)
    with pytest.raises(UserError, match="50 feeds were added here"):
        await desk.ask("feeds add https://example.com/feed")


async def test_one_person_may_search_for_ten_feeds_an_hour(desk: Desk) -> None:
    for _ in range(ADDS_AN_HOUR):
        with pytest.raises(UserError, match="is not a web address"):
            await desk.ask("feeds add file:///etc")
    with pytest.raises(UserError, match="Try again in 60 minutes"):
        await desk.ask("feeds add file:///etc")
    desk.now += timedelta(hours=1)
    with pytest.raises(UserError, match="is not a web address"):
        await desk.ask("feeds add file:///etc")


async def test_the_list_tells_how_each_feed_answers(desk: Desk) -> None:
    await desk.tell(announced(), feed="alpha")
    await desk.fail("beta", "HTTP 403", since=timedelta(hours=30))
    await desk.storage.feeds.add(HERE, Feed("https://gamma.example/feed", "Gamma"), desk.now)
    desk.now += timedelta(hours=2)
    reply = await desk.ask("feeds list")
    said = shown(reply)
    assert (reply.title, reply.aside, reply.next_step) == ("3 feeds", "1 of 3 feeds read", "/deals feeds check")
    assert "1 | Alpha | 1 | read 2 h ago" in said
    assert "2 | Beta | 0 | failing since 32 h ago: HTTP 403" in said
    assert "3 | Gamma | 0 | not asked yet" in said


@pytest.mark.parametrize("said", ["1", "#1", "Alpha News", "alpha news", "alpha", "https://alpha.example/feed"])
async def test_a_feed_is_removed_by_number_title_or_address(desk: Desk, said: str) -> None:
    await desk.storage.feeds.add(HERE, Feed("https://alpha.example/feed", "Alpha News"), desk.now)
    await desk.storage.feeds.add(HERE, Feed("https://beta.example/feed", "Beta News"), desk.now)
    reply = await desk.ask(f"feeds remove {said}")
    assert reply.title == "No longer read here: Alpha News"
    assert [feed.title for feed in await feeds(desk)] == ["Beta News"]


@pytest.mark.parametrize(
    ("said", "reply"),
    [("news", "fits 2 feeds: 1 Alpha News, 2 Beta News. Give the number."), ("Alpa News", "Did you mean Alpha News?")],
)
async def test_a_feed_that_is_not_plain_is_asked_back(desk: Desk, said: str, reply: str) -> None:
    await desk.storage.feeds.add(HERE, Feed("https://alpha.example/feed", "Alpha News"), desk.now)
    await desk.storage.feeds.add(HERE, Feed("https://beta.example/feed", "Beta News"), desk.now)
    with pytest.raises(UserError) as refusal:
        await desk.ask(f"feeds remove {said}")
    assert reply in str(refusal.value)


async def test_a_check_tells_what_fails_first_and_leaves_publishers_in_peace_for_a_while(desk: Desk) -> None:
    desk.pages.update({"/good": FEED, "/page": PLAIN})
    for path in ("/good", "/page", "/gone"):
        await desk.storage.feeds.add(HERE, Feed(desk.server.url(path), f"At {path}"), desk.now)
    reply = await desk.ask("feeds check")
    lines = shown(reply).split("\n")
    assert reply.title == "1 of 3 feeds can be read"
    assert [line.split(" | ")[0] for line in lines if line.startswith("At ")] == ["At /gone", "At /page", "At /good"]
    assert any(line.startswith("At /good | 2 | 22 Nov 2026 | ") and line.endswith(" | ok") for line in lines)
    assert "3 were asked within the last 15 minutes" in shown(await desk.ask("feeds check"))
    assert desk.server.requests["/good"] == 1
    desk.now += CHECK_PAUSE
    await desk.ask("feeds check")
    assert desk.server.requests["/good"] == 2


async def test_a_check_of_nothing_says_how_to_add_something(desk: Desk) -> None:
    with pytest.raises(UserError, match="/deals feeds add <address>"):
        await desk.ask("feeds check")


@pytest.mark.parametrize("line", ["feeds add https://example.com", "feeds remove 1", "feeds check"])
async def test_only_those_who_manage_change_what_is_read(desk: Desk, line: str) -> None:
    with pytest.raises(UserError, match="left to those who may manage it"):
        await desk.ask(line, may_manage=False)


async def test_a_feed_that_is_added_is_not_fetched_again_for_its_first_poll(desk: Desk) -> None:
    desk.pages["/news.xml"] = FEED
    await desk.ask(f"feeds add {desk.server.url('/news.xml')}")
    assert desk.server.requests["/news.xml"] == 1
    await desk.poll()
    assert desk.server.requests["/news.xml"] == 1
    (kept,) = await desk.storage.feeds.list(HERE)
    assert kept.last_success is not None


async def test_a_check_of_a_feed_that_was_read_asks_only_for_news(desk: Desk) -> None:
    desk.pages["/news.xml"] = FEED
    await desk.ask(f"feeds add {desk.server.url('/news.xml')}")
    await desk.poll()
    desk.now += CHECK_PAUSE + timedelta(minutes=1)
    assert "ok · nothing new" in shown(await desk.ask("feeds check"))
    assert desk.server.unchanged["/news.xml"] == 1


async def test_a_feed_that_was_just_polled_is_not_asked_again_by_a_check(desk: Desk) -> None:
    desk.pages["/news.xml"] = FEED
    for path in ("/news.xml", "/gone"):
        await desk.storage.feeds.add(HERE, Feed(desk.server.url(path), f"At {path}"), desk.now)
    await desk.poll()
    asked = dict(desk.server.requests)
    desk.now += CHECK_PAUSE - timedelta(seconds=1)
    said = shown(await desk.ask("feeds check"))
    assert desk.server.requests == asked
    assert "1 of 2 feeds can be read" in said
    assert "HTTP 404" in said
    assert "2 were asked within the last 15 minutes and were left in peace" in said


async def test_a_feed_that_others_read_is_added_without_asking_it(desk: Desk) -> None:
    url = desk.server.url("/news.xml")
    await desk.storage.feeds.add(Channel("slack", "T1", "C1"), Feed(url, "Acme News"), desk.now)
    reply = await desk.ask(f"feeds add {url}")
    assert (reply.title, desk.server.requests["/news.xml"]) == ("Added: Acme News", 0)
