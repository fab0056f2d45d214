from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from bot.digests.message import Link, Message, Name, Table
from bot.feeds.model import Sector
from bot.platforms.discord.buttons import Press, bears, mark_number, pressed
from bot.platforms.discord.parts import split
from bot.platforms.discord.render import Audience, Json, Layout, render
from bot.platforms.discord.views import sendable
from tests.platforms.discord import messages
from tests.platforms.discord.markdown_model import alive
from tests.platforms.discord.messages import HOSTILE, KEY
from tests.platforms.discord.page import GOLDEN, page
from tests.platforms.discord.test_parts import custom_ids, visits

ASKER, MANAGER = Audience(), Audience(manages=True)
SHOWN: dict[str, tuple[Message, Audience, Layout]] = {
    "digest": (messages.rich(), Audience(KEY), Layout.COMPONENTS),
    "digest_embed": (messages.rich(), Audience(KEY), Layout.EMBED),
    "nothing_new": (messages.digest(), Audience(KEY), Layout.COMPONENTS),
    "details_for_managers": (messages.details(), MANAGER, Layout.COMPONENTS),
    "many_sources": (messages.many_sources(), Audience(KEY), Layout.COMPONENTS),
    "ten_parties": (messages.ten_parties(), ASKER, Layout.COMPONENTS),
    "latest": (messages.latest([messages.card(deal=number) for number in (17, 18)]), ASKER, Layout.COMPONENTS),
    "settings": (messages.settings(), ASKER, Layout.COMPONENTS),
    "hostile": (messages.hostile(HOSTILE[0]), Audience(KEY), Layout.COMPONENTS),
    "right_to_left": (
        messages.digest(("شركة الصحة × سحابة الشمال: شراكة 👩‍👩‍👧‍👦", Sector.PAYER)),
        Audience(KEY),
        Layout.COMPONENTS,
    ),
}  # fmt: skip


def rendered(name: str) -> Json:
    message, audience, layout = SHOWN[name]
    return render(split(message, layout)[0], audience, layout)


@pytest.mark.parametrize("name", SHOWN)
def test_messages_look_as_reviewed(name: str) -> None:
    """`GOLDEN=1 pytest` writes them anew, to be read in review."""
    path = GOLDEN / f"{name}.json"
    made = json.dumps(rendered(name), indent=1, ensure_ascii=False) + "\n"
    if os.environ.get("GOLDEN"):
        path.write_text(made, encoding="utf-8")
    assert made == path.read_text(encoding="utf-8")


def test_a_page_can_be_looked_at(tmp_path: Path) -> None:
    target = Path(os.environ.get("PAGES", tmp_path)) / "discord.html"
    target.write_text(page({name: rendered(name) for name in SHOWN}), encoding="utf-8")
    text = target.read_text(encoding="utf-8")
    assert "Acme Health × Borealis Cloud" in text
    assert '<span class="mention">' not in text


@pytest.mark.parametrize("name", SHOWN)
async def test_what_is_sent_is_what_was_rendered(name: str) -> None:
    payload = rendered(name)
    sent = sendable(payload)
    assert without_ids(sent["view"].to_components()) == without_ids(payload["components"])
    assert [without_ids(each.to_dict()) for each in sent.get("embeds", ())] == [
        without_ids(each) for each in payload.get("embeds", ())
    ]
    assert sent["view"].is_finished()


def without_ids(value: object) -> object:
    """Without what discord.py adds by itself: empty ids and defaults."""
    if isinstance(value, list):
        return [without_ids(each) for each in value]
    if isinstance(value, dict):
        own = {"id", "spoiler", "flags", "inline"}
        return {name: without_ids(each) for name, each in value.items() if name not in own and each is not None}
    return value


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("layout", Layout)
def test_nothing_of_a_hostile_text_is_alive_in_any_message(text: str, layout: Layout) -> None:
    for part in split(messages.hostile(text), layout):
        for written in texts_of(render(part, Audience(KEY), layout)):
            kinds = {word for kind in alive(written) for word in kind.split()}
            assert kinds <= {"plain", "strong", "subtext", "heading", "link", "time"}


def test_people_and_channels_are_shown_by_name() -> None:
    cells = (Name("1", "person"), Name("2", "channel"), "2 of 3", Name("3", "role"), Name("x> @everyone", "person"))
    shown = "".join(texts_of(render(Message("t", (Table((cells, ("1", "2"))),)), ASKER)))
    assert "<@1> · <#2> · <@&3> · x\\> \\@everyone · 2 of 3\n**1** · 2" in shown


def test_the_first_source_is_a_button_and_the_others_are_links() -> None:
    sources = tuple(Link(f"Publisher {name}", f"https://{name}.example/1") for name in ("one", "two", "three"))
    shown = render(Message("t", (messages.card(sources=sources),)), Audience(KEY))
    assert [(each["label"], each["url"]) for each in visits(shown["components"])] == [
        ("Publisher one", "https://one.example/1")
    ]
    text = "".join(texts_of(shown))
    assert "Publisher one" not in text
    assert "[Publisher two](https://two.example/1) · [Publisher three](https://three.example/1) · " in text


def test_of_many_sources_a_few_are_named_and_the_rest_is_counted() -> None:
    text = "".join(texts_of(rendered("many_sources")))
    assert text.count("](https://") == 4
    assert " · and 7 more · " in text


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/" + "a" * 500,
        "https://example.com/?a=[1]|{2}",
        "http://[2606:4700::1111]/",
        "http://intranet/",
        "javascript:alert(1)",
        "https://someone@example.com/",
    ],
)
def test_an_address_that_a_button_may_not_take_stays_in_the_text(url: str) -> None:
    shown = render(Message("t", (messages.card(sources=(Link("Publisher", url),)),)), Audience(KEY))
    assert visits(shown["components"]) == []
    assert "Publisher" in "".join(texts_of(shown))


def test_a_publisher_named_like_another_site_is_called_by_its_own_host() -> None:
    link = Link("safe.example.org", "https://www.evil.example/1")
    (visit,) = visits(render(Message("t", (messages.card(sources=(link,)),)), Audience(KEY))["components"])
    assert visit["label"] == "evil.example"


def texts_of(payload: Json) -> list[str]:
    found = [each[name] for each in payload.get("embeds", ()) for name in ("title", "description") if name in each]
    waiting = list(payload["components"])
    while waiting:
        component = waiting.pop()
        found += [component["content"]] if "content" in component else []
        waiting += component.get("components", [])
    return found


def test_a_digest_is_found_again_by_its_key_and_by_no_other() -> None:
    for name in ("digest", "digest_embed", "nothing_new"):
        assert bears(str([*rendered(name)["components"], *rendered(name).get("embeds", ())]), KEY)
        assert not bears(str(rendered(name)), "f" * 24)


def test_a_mark_fits_where_discord_keeps_it() -> None:
    assert 0 < mark_number(KEY) < 2**31


def test_managers_see_two_buttons_more_in_a_deals_details() -> None:
    def labels(audience: Audience) -> int:
        return len(custom_ids(render(messages.details(), audience)["components"]))

    assert labels(MANAGER) - labels(ASKER) == 2


def test_a_button_says_what_it_does() -> None:
    press = Press("Details", "deal 17", KEY)
    assert press.custom_id == f"do:{KEY}:deal 17"
    assert pressed(press.custom_id) == "deal 17"
    assert pressed("somebody:else") is None
    assert pressed("do:-:") is None
