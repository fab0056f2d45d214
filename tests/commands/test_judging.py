"""Judging a page, and naming managers, as a person would ask."""

from __future__ import annotations

import pytest

from bot.errors import UserError
from bot.web.server import Page
from tests.builders import announced
from tests.desk import Desk, shown

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture
def desk(reading_desk: Desk) -> Desk:
    return reading_desk


ARTICLE = (
    "<html><head><title>{title}</title></head><body><article><p>{title}. {text} It is the first time that they do so, "
    "and it is meant to be of use to all of the people in the places where they work.</p><p>More is to be told about "
    "it in the spring, and both of them say that there is a lot for them to do before then.</p></article></body></html>"
)
DEAL = ARTICLE.format(
    title="Acme Health and Borealis Cloud sign a partnership",
    text="Acme Health and Borealis Cloud announced today that they have signed a ten-year partnership.",
)
WALK = ARTICLE.format(title="Ten walks for the summer", text="These are the walks that we like best of all.")


async def test_a_page_that_announces_an_unknown_deal_says_so(desk: Desk) -> None:
    desk.pages["/deal"] = Page(DEAL.encode(), "text/html")
    reply = await desk.ask(f"judge {desk.server.url('/deal')}")
    assert reply.title.startswith("A deal: ")
    assert "Not known here" in shown(reply)


async def test_a_page_that_tells_a_known_deal_says_which_and_where_it_was_told(desk: Desk) -> None:
    await desk.tell(announced())
    desk.pages["/deal"] = Page(DEAL.encode(), "text/html")
    reply = await desk.ask(f"judge {desk.server.url('/deal')}")
    assert reply.title == "A deal, and a known one"
    assert "This channel | was not told" in shown(reply)
    assert reply.next_step == "/deals deal 1"


async def test_an_entry_that_a_feed_has_brought_is_known_without_asking_its_publisher(desk: Desk) -> None:
    await desk.tell(announced())
    reply = await desk.ask("judge https://example.com/e1?utm_source=x")
    assert reply.title == "A deal, known from Alpha"


async def test_a_page_about_something_else_is_no_deal(desk: Desk) -> None:
    desk.pages["/walk"] = Page(WALK.encode(), "text/html")
    reply = await desk.ask(f"judge {desk.server.url('/walk')}")
    assert reply.title == "No deal: Ten walks for the summer"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("judge ftp://example.com/", "is not a web address"),
        ("judge http://127.0.0.1:1/", "cannot be read"),
        ("managers add all the people", "is more than"),
        ("managers add @!", "Mention the person"),
        ("managers remove U9", "was not named"),
    ],
)
async def test_what_cannot_be_done_is_said(desk: Desk, line: str, said: str) -> None:
    with pytest.raises(UserError, match=said):
        await desk.ask(line)


async def test_a_page_without_an_article_says_so(desk: Desk) -> None:
    desk.pages["/empty"] = Page(b"<html><body>Hello</body></html>", "text/html")
    with pytest.raises(UserError, match="holds no article"):
        await desk.ask(f"judge {desk.server.url('/empty')}")


async def test_managers_are_named_by_those_who_manage_and_by_nobody_else(desk: Desk) -> None:
    with pytest.raises(UserError, match="those who may manage"):
        await desk.ask("managers add U1", may_manage=False)
    await desk.ask("managers add <@U1>")
    assert "U1" in shown(await desk.ask("managers", may_manage=False))
    await desk.ask("managers remove U1")
    assert (await desk.ask("managers")).title == "Nobody was named to manage"


async def test_wishes_are_tried_out_in_a_preview_and_not_kept(desk: Desk) -> None:
    await desk.tell(announced())
    reply = await desk.ask("digest preview days:mon")
    assert "nothing is subscribed by this" in shown(reply)
    assert "Acme Health" in shown(reply)
    with pytest.raises(UserError, match="Without a subscription"):
        await desk.ask("digest preview")
    await desk.ask("subscribe days:mon")
    nothing = await desk.ask("digest preview include:submarines")
    assert "Acme Health" not in shown(nothing)
    assert "Acme Health" in shown(await desk.ask("digest preview"))
