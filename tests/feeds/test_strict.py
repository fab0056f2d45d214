"""What the quick reader reads, feedparser reads the same; what it might read otherwise, it leaves to feedparser."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.dates import usual
from bot.feeds.entries import Asked
from bot.feeds.parse import parse_any, parse_plain, told
from bot.feeds.repair import repair
from bot.feeds.strict import read_strictly

ASKED = Asked("https://news.example/feed", "https://news.example/feed")
SPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" xmlns:media="http://search.yahoo.com/mrss/" '
    'xmlns:atom="http://www.w3.org/2005/Atom"'
)


def rss(inner: str, *, version: str = "2.0", head: str = "") -> str:
    return f'<rss version="{version}" {SPACES}><channel><title>News</title>{head}{inner}</channel></rss>'


def atom(inner: str) -> str:
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title type="html">N &amp;amp; M</title><id>x</id>{inner}</feed>'


@given(
    st.builds(
        "{}{} {} {} {}:{}:{} {}".format,
        st.sampled_from(["Mon, ", "Sun, ", ""]),
        st.integers(0, 33),
        st.sampled_from(["Jan", "Feb", "Sep", "Dec"]),
        st.sampled_from(["1900", "1969", "1999", "2026", "9999"]),
        *[st.integers(0, 62).map("{:02}".format)] * 3,
        st.sampled_from(["GMT", "+0000", "-0000", "-0530", "+1400", "+2530", "-0960"]),
    )
    | st.builds(
        "{}-{}-{}T{}:{}:{}{}{}".format,
        st.sampled_from(["0001", "1969", "1999", "2026", "9999"]),
        *[st.integers(0, 33).map("{:02}".format)] * 3,
        *[st.integers(0, 62).map("{:02}".format)] * 2,
        st.sampled_from(["", ".5", ".123456", ".999999999"]),
        st.sampled_from(["Z", "+00:00", "-05:30", "+14:00", "+25:30", "-09:60"]),
    )
)
def test_a_usual_date_is_what_feedparser_makes_of_it(date: str) -> None:
    assert usual(date) in (None, told(date))


def test_the_usual_dates_are_known_at_once() -> None:
    moment = datetime(2026, 11, 25, 8, 1, 2, tzinfo=UTC)
    dates = ("Wed, 25 Nov 2026 08:01:02 GMT", "25 Nov 2026 10:01:02 +0200", "2026-11-25T08:01:02.7Z")
    assert [usual(date) for date in dates] == [moment] * 3
    assert [usual(date) for date in ("Wed, 25 Nov 26 08:01:02 GMT", "2026-11-25", "", "tomorrow")] == [None] * 4


READ = [
    rss("<item><title>A &amp; B</title><link> https://n.example/1 </link><description>&lt;p&gt;x</description></item>"),
    rss("<item><title><![CDATA[A <b>B</b>]]></title><guid>https://news.example/1</guid></item>"),
    rss('<item><title>A</title><guid isPermaLink="false">7</guid><pubDate>23 Nov 2026 08:00:00 EST</pubDate></item>'),
    rss(
        "<item><title>A</title><description>Short</description><content:encoded><![CDATA[<p>Long one</p>]]>"
        "</content:encoded><dc:creator>X</dc:creator><category>c</category>"
        '<media:content url="x"><media:thumbnail url="y"/></media:content></item>'
    ),
    rss(
        "<item><title>A</title><link>/relative</link><pubDate>yesterday</pubDate></item>",
        head="<link>https://news.example/</link><ttl>90</ttl><sy:updatePeriod>daily</sy:updatePeriod>"
        '<sy:updateFrequency>2</sy:updateFrequency><atom:link rel="self" href="https://x.example/"/>',
    ),
    rss(""),
    atom(
        '<link rel="self" href="https://a.example/"/><link href="https://news.example/"/><entry><id>1</id>'
        '<title type="html">A &amp;amp; B</title><link href="https://news.example/1"/><updated>2026-11-23T08:00:00Z'
        '</updated><published>2026-11-22T08:00:00+02:00</published><content type="html">&lt;p&gt;Body</content>'
        "<summary>Short</summary><author><name>X</name></author></entry>"
    ),
    atom("<entry><id>tag:1</id><title>No link</title><updated>2026-11-23</updated></entry>"),
]

LEFT = [
    rss("<item><title>A</title></item>", version="0.92"),
    rss("<item><title>A</title><title>B</title></item>"),
    rss("<item><title>A <b>bold</b></title></item>"),
    rss("<item><title>A</title><media:title>B</media:title></item>"),
    rss("<item><title>A</title><media:content><media:title>B</media:title></media:content></item>"),
    rss("<item><title>A</title><dc:date>2026-11-23</dc:date></item>"),
    rss("<item xml:base='https://x.example/'><title>A</title></item>"),
    rss("<item><title>A</title>"),
    rss("</channel><item><title>A</title></item><channel>"),
    atom('<entry><id>1</id><title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">A</div></title></entry>'),
    atom('<entry><id>1</id><title>A</title><link href="https://a.example/"/><link href="https://b.example/"/></entry>'),
    atom('<entry><id>1</id><title>A</title><content src="https://a.example/"/></entry>'),
    "<html/>",
    "",
]


@pytest.mark.parametrize("text", READ)
def test_a_plain_feed_is_read_as_feedparser_reads_it(text: str) -> None:
    found = parse_plain(repair(text), 0, ASKED)
    assert found is not None
    assert found == parse_any(repair(text), 0, ASKED)


@pytest.mark.parametrize("text", LEFT)
def test_anything_unusual_is_left_to_feedparser(text: str) -> None:
    assert read_strictly(repair(text)) is None
