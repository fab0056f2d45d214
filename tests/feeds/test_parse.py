"""Bodies of every format become entries; hostile and broken ones become at worst a sentence."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.feeds.model import Entry, NotAFeed, ParsedFeed
from bot.feeds.parse import parse

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
DAY = timedelta(days=1)
FEED = "https://example.com/feed"


def read(body: str | bytes, content_type: str = "application/xml") -> ParsedFeed | NotAFeed:
    data = body if isinstance(body, bytes) else body.encode()
    return parse(data, feed_url=FEED, content_type=content_type, now=NOW)


def feed(body: str | bytes, content_type: str = "application/xml") -> ParsedFeed:
    found = read(body, content_type)
    assert isinstance(found, ParsedFeed), found
    return found


def rss(items: str, channel: str = "") -> str:
    head = "<title>Example News</title><link>https://example.com/</link>"
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{head}{channel}{items}</channel></rss>'


def item(title: str = "Acme signs", link: str = "/a", rest: str = "") -> str:
    return f"<item><title>{title}</title><link>{link}</link>{rest}</item>"


def only(found: ParsedFeed) -> Entry:
    assert len(found.entries) == 1
    return found.entries[0]


_REST = "<pubDate>Mon, 23 Nov 2026 08:00:00 GMT</pubDate><description>Body &amp;amp; more.</description>"
RSS_2 = rss(item(rest=_REST))
RSS_091 = RSS_2.replace('"2.0"', '"0.91"')
ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Example News</title>
<link href="https://example.com/"/><entry><title>Acme signs</title><id>x1</id><link href="https://example.com/a"/>
<published>2026-11-23T09:00:00+01:00</published><summary type="html">Body &amp;amp; more.</summary></entry></feed>"""
RDF = """<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://example.com/">
<title>Example News</title><link>https://example.com/</link></channel><item rdf:about="https://example.com/a">
<title>Acme signs</title><link>https://example.com/a</link><description>Body &amp;amp; more.</description>
<dc:date>2026-11-23T08:00:00Z</dc:date></item></rdf:RDF>"""
JSON = """{"version": "https://jsonfeed.org/version/1.1", "title": "Example News", "home_page_url": "https://example.com/",
"items": [{"id": "x1", "url": "/a", "title": "Acme signs", "content_html": "Body &amp; more.",
"date_published": "2026-11-23T08:00:00Z"}]}"""


@pytest.mark.parametrize(
    ("body", "kind"), [(RSS_2, "rss20"), (RSS_091, "rss091u"), (ATOM, "atom10"), (RDF, "rss10"), (JSON, "json")]
)
def test_every_format_says_the_same(body: str, kind: str) -> None:
    found = feed(body)
    entry = only(found)
    assert (found.format, found.title, found.site, found.fault) == (kind, "Example News", "https://example.com/", None)
    assert (entry.title, entry.body, entry.url) == ("Acme signs", "Body & more.", "https://example.com/a")
    assert entry.published == datetime(2026, 11, 23, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("", "The answer is empty"),
        ("  \n", "The answer is empty"),
        (
            "<!DOCTYPE html><html><head><title>News</title></head><body>Hi</body></html>",
            "This is a web page, not a feed",
        ),
        ('<?xml version="1.0"?><!DOCTYPE html><html xmlns="x"><body/></html>', "This is a web page, not a feed"),
        ("<html><form><input type='password'></form></html>", "This is a log-in page, not a feed"),
        ("<html><title>Just a moment...</title></html>", "This is a check for robots or a refusal, not a feed"),
        ('{"a": 1}', "This is JSON, but not a JSON Feed"),
        ("[1, 2]", "This is JSON, but not a JSON Feed"),
        ('{"a": ', "This looks like JSON, but it cannot be read"),
        ("[" * 100_000, "This looks like JSON, but it cannot be read"),
        ("Hello", "This is not a feed that can be read"),
        ("<urlset><url/></urlset>", "This is not a feed that can be read"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "This is not a feed that can be read"),
        (b"/etc/passwd", "This is not a feed that can be read"),
    ],
)
def test_what_is_no_feed_says_so(body: str | bytes, reason: str) -> None:
    assert read(body) == NotAFeed(reason)


def test_an_address_or_a_path_is_never_accepted_as_a_body() -> None:
    with pytest.raises(TypeError, match="bytes"):
        parse("https://example.com/feed", feed_url=FEED, content_type="")  # type: ignore[arg-type]


def test_a_feed_without_entries_is_a_feed() -> None:
    assert feed(rss("")).entries == ()


def test_the_fullest_body_is_taken_with_its_paragraphs() -> None:
    rest = (
        "<description>Short.</description><content:encoded><![CDATA[<p>One is long.</p><p>Two.</p>]]></content:encoded>"
    )
    body = rss(item(rest=rest)).replace("<rss ", '<rss xmlns:content="http://purl.org/rss/1.0/modules/content/" ')
    assert only(feed(body)).body == "One is long.\nTwo."


def test_limits_of_length_are_kept() -> None:
    long = rss(item(title="word " * 100, link="/" + "a" * 3_000, rest=f"<description>{'word ' * 10_000}</description>"))
    entry = only(feed(long))
    assert (len(entry.title), entry.url) == (254, None)
    assert 19_990 <= len(entry.body) <= 20_000
    assert entry.body.endswith("word")


def test_the_newest_500_are_kept_and_the_rest_is_counted() -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    items = "".join(
        item(f"News {n}", f"/{n}", f"<pubDate>{(start + timedelta(minutes=n)).isoformat()}</pubDate>")
        for n in range(700)
    )
    found = feed(rss(items))
    assert (len(found.entries), found.dropped) == (500, 200)
    assert (found.entries[0].title, found.entries[-1].title) == ("News 699", "News 200")


@pytest.mark.parametrize("newest_first", [True, False])
def test_a_huge_feed_keeps_its_newest_wherever_they_stand(newest_first: bool) -> None:
    start = datetime(2020, 1, 1, tzinfo=UTC)
    numbers = range(20_000, 0, -1) if newest_first else range(1, 20_001)
    items = "".join(
        item(f"News {n}", f"/{n}", f"<pubDate>{(start + timedelta(hours=n)).isoformat()}</pubDate>") for n in numbers
    )
    found = feed(rss(items))
    assert found.entries[0].title == "News 20000"
    assert len(found.entries) + found.dropped == 20_000


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("Mon, 23 Nov 2026 08:00:00 GMT", datetime(2026, 11, 23, 8, tzinfo=UTC)),
        ("Sep 1, 2026 2:08pm", datetime(2026, 9, 1, 14, 8, tzinfo=UTC)),
        ("Tue, 09/01/2026 - 09:02", datetime(2026, 9, 1, 9, 2, tzinfo=UTC)),
        ("Tue, 24 Nov 2026 08:00:00 GMT", datetime(2026, 11, 24, 8, tzinfo=UTC)),
        ("Wed, 25 Nov 2026 08:00:00 GMT", None),
        ("Fri, 01 Jan 2038 00:00:00 GMT", None),
        ("Mon, 01 Jan 0001 00:00:00 +0000", None),
        ("Thu, 01 Jan 1970 00:00:00 GMT", None),
        ("soon", None),
        ("1" * 5_000, None),
        ("", None),
    ],
)
def test_dates_are_read_or_missing(date: str, expected: datetime | None) -> None:
    assert only(feed(rss(item(rest=f"<pubDate>{date}</pubDate>")))).published == expected


def test_the_link_before_a_feed_service_is_preferred() -> None:
    rest = "<feedburner:origLink>https://example.com/real?utm_source=x</feedburner:origLink>"
    body = rss(item(link="https://feeds.example.net/~r/1", rest=rest))
    body = body.replace("<rss ", '<rss xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0" ')
    assert only(feed(body)).url == "https://example.com/real"


def test_relative_links_stand_on_the_address_that_answered() -> None:
    found = parse(rss(item()).encode(), feed_url=FEED, content_type="", base="https://cdn.example.net/x/feed")
    assert isinstance(found, ParsedFeed)
    assert found.entries[0].url == "https://cdn.example.net/a"


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "https://u:p@example.com/"]
)
def test_an_entry_with_an_unusable_link_is_kept_without_it(link: str) -> None:
    entry = only(feed(rss(item(link=link, rest="<guid isPermaLink='false'>g</guid>"))))
    assert entry.url is None
    assert entry.keys == ("guid:g", "title:acme signs|")


@pytest.mark.parametrize(
    ("channel", "wish", "quiet"),
    [
        ("<ttl>120</ttl>", timedelta(hours=2), frozenset()),
        ("<ttl>soon</ttl>", None, frozenset()),
        ("<ttl>-5</ttl>", None, frozenset()),
        ("<sy:updatePeriod>daily</sy:updatePeriod>", timedelta(days=1), frozenset()),
        ("<sy:updatePeriod> daily</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>", DAY / 2, frozenset()),
        ("<ttl>60</ttl><sy:updatePeriod>weekly</sy:updatePeriod>", timedelta(days=7), frozenset()),
        ("<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>", DAY, frozenset()),
        ("<skipHours><hour>0</hour><hour>1</hour><hour>24</hour></skipHours>", None, frozenset([0, 1])),
        ("<skipHours><hour>x</hour><hour>99</hour></skipHours>", None, frozenset()),
        ("<skipHours>" + "".join(f"<hour>{n}</hour>" for n in range(24)) + "</skipHours>", None, frozenset()),
    ],
)  # fmt: skip
def test_the_feed_says_how_often_it_wants_visits(channel: str, wish: timedelta | None, quiet: frozenset[int]) -> None:
    body = rss("", channel).replace("<rss ", '<rss xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" ')
    found = feed(body)
    assert (found.rhythm.wish, found.rhythm.quiet_hours) == (wish, quiet)


@pytest.mark.parametrize("cut", range(60, 700, 16))
def test_a_feed_cut_anywhere_is_read_as_far_as_it_goes(cut: int) -> None:
    body = rss(item() + item("Second", "/b") + item("Third & <b>bold", "/c")).encode()[:cut]
    found = read(body)
    assert isinstance(found, NotAFeed) or all(entry.url is None or entry.url.isascii() for entry in found.entries)


def test_a_malformed_feed_names_its_fault_and_keeps_its_entries() -> None:
    found = feed(rss(item("AT&T and Bob & Co")) + "<stray>")
    assert found.fault == "The feed is not well-formed XML"
    assert only(found).title == "AT&T and Bob & Co"


def test_a_lone_ampersand_and_entities_of_html_are_no_fault() -> None:
    rest = "<description>R&D&nbsp;&rsquo;&unknown; a&b;<![CDATA[ AT&T &amp; x&y ]]></description>"
    found = feed(rss(item("AT&T and Bob & Co", rest=rest)))
    assert found.fault is None
    assert only(found).text == "AT&T and Bob & Co\nR&D ’&unknown; a&b; AT&T & x&y"


ENTITIES = '<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa">{}]>'
NESTED = "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))


@pytest.mark.parametrize(
    "declared",
    [
        ENTITIES.format(NESTED),
        ENTITIES.format('<!ENTITY j "' + "x" * 100_000 + '">'),
        '<!DOCTYPE rss [<!ENTITY j SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE rss SYSTEM "http://127.0.0.1/x.dtd">',
        '<!doctype rss [<!entity % j "x">%j;]>',
        '<!ENTITY j "x">' * 1_000,
    ],
    ids=["nested", "quadratic", "external", "external DTD", "parameter", "bare"],
)
def test_entities_of_a_documents_own_are_never_expanded(declared: str) -> None:
    body = rss(item("&j;" * 1_000)).replace("<rss ", declared + "<rss ")
    found = read(body)
    assert isinstance(found, NotAFeed) or len(found.entries[0].text) < 5_000
    assert "root:" not in repr(found)


TEXT = "Zürich – “naïve” café"


@pytest.mark.parametrize("real", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "windows-1252"])
@pytest.mark.parametrize(
    "declared",
    ["utf-8", "iso-8859-1", "utf-16", "windows-1252", "us-ascii", "nonsense", "punycode", "undefined", "utf-7"],
)
@pytest.mark.parametrize(
    "header", ["application/xml", "text/xml; charset=utf-8", "text/xml; charset=latin-1", 'text/xml; charset="idna"']
)
def test_lies_about_the_encoding_do_not_matter(real: str, declared: str, header: str) -> None:
    body = rss(item(TEXT)).replace('version="1.0"', f'version="1.0" encoding="{declared}"', 1)
    assert only(feed(body.encode(real), header)).title == TEXT


def test_other_encodings_are_read_as_declared() -> None:
    body = rss(item("東京の病院")).replace('version="1.0"', 'version="1.0" encoding="Shift_JIS"', 1)
    assert only(feed(body.encode("shift_jis"))).title == "東京の病院"


@pytest.mark.parametrize(
    "junk", [b"\x00", b"\x0b", b"\xed\xa0\x80", b"\xc0\x80", b"\xff", b"&#0;", b"&#xD800;", b"&#x1F;"]
)
def test_no_body_brings_a_character_that_cannot_be_stored(junk: bytes) -> None:
    body = rss(item("Ac@me", rest="<description>&lt;p&gt;Ac@me</description>")).encode().replace(b"@", junk)
    entry = only(feed(body))
    entry.text.encode("utf-8")
    assert not any(ord(each) < 32 and each != "\n" for each in entry.text)


@pytest.mark.parametrize(
    "items",
    [
        "<item><description>" + "<b>" * 5_000 + "</description></item>",
        "<item " + " ".join(f"a{n}='1'" for n in range(2_000)) + "/>",
        "<item>" + "<category>c</category>" * 5_000 + "</item>",
        "<item>" + "<enclosure url='file:///x'/>" * 2_000 + "</item>",
        "<item><author>" + "a@b.c (" * 5_000 + "</author></item>",
        "<item><description>" + "<![CDATA[<!--]]>" * 5_000 + "</description></item>",
        "<item><title>" * 5_000,
        "<" * 20_000,
        "<!DOCTYPE " * 20_000,
        "<skipHours>" * 5_000,
    ],
    ids=lambda items: items[:24],
)
def test_hostile_items_are_survived(items: str) -> None:
    found = read(rss(items))
    assert isinstance(found, ParsedFeed | NotAFeed)
    assert "file:" not in repr(found)
