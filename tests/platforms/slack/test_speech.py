"""What people write, as Slack sends it, and what they mean by it."""

from __future__ import annotations

import pytest

from bot.platforms.slack.speech import Line, line_of, links_in


@pytest.mark.parametrize(
    ("written", "line"),
    [
        ("latest 3", Line("latest 3")),
        ("  <@U0BOT> latest", Line("latest")),
        ("<@U0BOT|pactwire>: search mayo", Line("search mayo")),
        ("why <https://example.com/a?b=1&amp;c=2|example.com>", Line("why https://example.com/a?b=1&c=2")),
        ("search AT&amp;T &lt;b&gt;", Line("search AT&T <b>")),
        ("search &amp;lt;", Line("search &lt;")),
        ("latest share:yes", Line("latest", shared=True)),
        ("latest SHARE=here 3", Line("latest 3", shared=True)),
        ("latest share:no", Line("latest")),
        ("search market share", Line("search market share")),
        ("settings channel:<#C123|news> days:mon", Line("settings days:mon", aimed="C123")),
        ("managers add <@U77|ana>", Line("managers add U77")),
        ("search <!channel>", Line("search <!channel>")),
    ],
)
def test_a_line_is_what_was_meant(written: str, line: Line) -> None:
    assert line_of(written) == line


def test_links_are_found_wherever_a_message_holds_them() -> None:
    message = {
        "text": "look <https://a.example/1|here> and <mailto:x@y.example>",
        "attachments": [{"from_url": "https://b.example/2", "title_link": "https://b.example/2"}],
        "blocks": [{"type": "rich_text", "elements": [{"type": "link", "url": "https://c.example/3"}]}],
    }
    assert links_in(message) == (
        "https://a.example/1",
        "mailto:x@y.example",
        "https://b.example/2",
        "https://c.example/3",
    )


def test_a_message_nested_without_end_is_let_go() -> None:
    deep: dict[str, object] = {"url": "https://a.example/"}
    for _ in range(500):
        deep = {"inner": deep}
    assert links_in(deep) == ()
