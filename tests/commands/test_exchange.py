"""Lists of feeds in and out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.errors import UserError
from bot.feeds.model import Feed
from bot.web.server import Page
from tests.desk import HERE, Desk, shown

LIST = Page(
    b'<opml version="2.0"><body><outline text="Acme" xmlUrl="https://acme.example/feed"/>'
    b'<outline text="Borealis" xmlUrl="https://borealis.example/feed"/><outline xmlUrl="ftp://x/"/></body></opml>',
    "text/x-opml",
)
THERE = replace(HERE, platform="slack")


async def titles(desk: Desk) -> list[str]:
    return [kept.feed.title for kept in await desk.storage.feeds.list(HERE)]


async def test_a_list_is_shown_before_it_is_added(desk: Desk) -> None:
    desk.pages["/feeds.opml"] = LIST
    await desk.storage.feeds.add(HERE, Feed("https://acme.example/feed", "Acme"), desk.now)
    place = desk.server.url("/feeds.opml")
    preview = await desk.ask(f"feeds import {place}")
    assert preview.title == "1 feed would be added"
    assert preview.footer == ("1 are on the list already", "1 have no web address")
    assert preview.next_step == f"/deals feeds import {place} add:yes"
    assert await titles(desk) == ["Acme"]
    added = await desk.ask(f"feeds import {place} add:yes")
    assert (added.title, await titles(desk)) == ("1 feed added", ["Acme", "Borealis"])
    assert (await desk.ask(f"feeds import {place} add:yes")).title == "0 feeds added"


async def test_a_list_larger_than_the_room_is_added_in_part(desk: Desk) -> None:
    outlines = "".join(f'<outline xmlUrl="https://f{number}.example/"/>' for number in range(60))
    desk.pages["/feeds.opml"] = Page(f"<opml><body>{outlines}</body></opml>".encode(), "text/xml")
    reply = await desk.ask(f"feeds import {desk.server.url('/feeds.opml')} add:yes")
    assert (reply.title, len(await titles(desk))) == ("50 feeds added", 50)
    assert "10 find no room: 50 feeds may be added here" in reply.footer


async def test_files_are_for_who_sits_at_the_terminal(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "feeds.opml"
    path.write_bytes(LIST.body)
    assert (await desk.ask(f"feeds import {path}")).title == "2 feeds would be added"
    for line in (f"feeds import {path}", "feeds import file:///etc/passwd", f"feeds export to:{tmp_path}/x"):
        with pytest.raises(UserError):
            await desk.ask(line, channel=THERE)
    assert not (tmp_path / "x").exists()
    with pytest.raises(UserError, match="cannot be read"):
        await desk.ask(f"feeds import {tmp_path}/nothing")


async def test_what_is_exported_can_be_imported(desk: Desk, tmp_path: Path) -> None:
    await desk.storage.feeds.add(HERE, Feed("https://acme.example/feed?a=1&b=2", "Acme & Co"), desk.now)
    path = tmp_path / "out.opml"
    assert (await desk.ask(f"feeds export to:{path}")).title == f"1 feeds written to {path}"
    with pytest.raises(UserError, match="File exists"):
        await desk.ask(f"feeds export to:{path}")
    assert "https://acme.example/feed?a=1&amp;b=2" in shown(await desk.ask("feeds export"))
    assert (await desk.ask(f"feeds import {path}")).footer == ("1 are on the list already",)


@pytest.mark.parametrize("page", [None, Page(b"<html></html>", "text/html")])
async def test_what_is_no_list_is_told_without_its_words(desk: Desk, page: Page | None) -> None:
    if page:
        desk.pages["/x"] = page
    with pytest.raises(UserError) as refusal:
        await desk.ask(f"feeds import {desk.server.url('/x')}")
    assert "html" not in str(refusal.value)


async def test_only_those_who_manage_import(desk: Desk) -> None:
    with pytest.raises(UserError, match="left to those who may manage it"):
        await desk.ask("feeds import https://example.com/x", may_manage=False)
