"""One address has one spelling, and nothing but http(s) passes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.links import MAXIMUM, absolute, canonical, gate_of, host_of

CANONICAL = [
    ("HTTP://Example.COM:80/A", "http://example.com/A"),
    ("https://example.com:443", "https://example.com/"),
    ("https://example.com:8443/", "https://example.com:8443/"),
    ("https://example.com./x", "https://example.com/x"),
    (" https://example.com/a \n", "https://example.com/a"),
    ("https://example.com/a b?c=d e", "https://example.com/a%20b?c=d%20e"),
    ("https://example.com/a#part", "https://example.com/a"),
    ("https://example.com/?utm_source=x&utm_medium=y", "https://example.com/"),
    ("https://example.com/?b=2&utm_campaign=x&a=1&fbclid=z", "https://example.com/?b=2&a=1"),
    ("https://example.com/?UTM_Source=x&p=1", "https://example.com/?p=1"),
    ("https://example.com/?gclid=1&mc_cid=2&mc_eid=3&id=4", "https://example.com/?id=4"),
    ("https://example.com/?a=&b&a=2", "https://example.com/?a=&b&a=2"),
    ("https://example.com/?a=1%262&c=x+y", "https://example.com/?a=1%262&c=x+y"),
    ("https://example.com/?source=utm_source", "https://example.com/?source=utm_source"),
    ("https://bücher.example/ü", "https://xn--bcher-kva.example/%C3%BC"),
    ("https://EXAMPLE。com/", "https://example.com/"),
    ("https://ｅｘａｍｐｌｅ.com/", "https://example.com/"),
    ("https://аррle.com/", "https://xn--le-6kc8da.com/"),
    ("http://[2001:DB8::0001]/", "http://[2001:db8::1]/"),
    ("http://192.0.2.7/x", "http://192.0.2.7/x"),
    ("https://example.com/%zz%41", "https://example.com/%zz%41"),
]


@pytest.mark.parametrize(("url", "expected"), CANONICAL)
def test_an_address_gets_its_one_spelling(url: str, expected: str) -> None:
    assert canonical(url) == expected


REFUSED = [
    "", " ", "example.com/a", "/a", "//example.com/a", "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:x",
    "data:text/html,x", "vbscript:x", "file:///etc/passwd", "blob:https://example.com/x", "intent://x#Intent;end",
    "ftp://example.com/", "gopher://example.com/", "mailto:a@example.com", "https:///x", "https://", "http:example.com",
    "https://user@example.com/", "https://user:pass@example.com/", "https://@example.com/", "https://example.com\\@x/",
    "https://exa\nmple.com/", "https://exa\u202emple.com/", "https://exa mple.com/", "https://exam%70le.com/",
    "https://example.com:99999/", "https://example.com:x/", "https://[::1%25eth0]/", "https://[::1/", "https://..com/",
    "https://-a.com/", "http://2130706433/", "http://0x7f000001/", "http://0x7f.1/", "http://127.1/",
    "http://1.2.3.4.5/", "http://256.1.1.1/", "http://2130706433./", "http://２１３０７０６４３３/", "\ud800",
    "http://0177.0.0.1/", "http://a..b/",
    "https://" + "a" * 64 + ".com/", "https://" + "a." * 200 + "com/", "https://example.com/" + "a" * MAXIMUM,
]  # fmt: skip


@pytest.mark.parametrize("url", REFUSED, ids=lambda url: ascii(url)[:30])
def test_anything_else_is_no_address(url: str) -> None:
    assert canonical(url) is None
    assert absolute(url) is None


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("/a", "https://example.com/a"),
        ("b", "https://example.com/x/b"),
        ("//other.com/c", "https://other.com/c"),
        ("?q=1", "https://example.com/x/y?q=1"),
        ("http://plain.com/", "http://plain.com/"),
        ("javascript:x", None),
        ("file:///x", None),
    ],
)
def test_a_relative_address_stands_on_its_base(url: str, expected: str | None) -> None:
    assert canonical(url, "https://example.com/x/y") == expected


def test_an_address_of_exactly_the_limit_passes() -> None:
    url = "https://example.com/".ljust(MAXIMUM, "a")
    assert canonical(url) == url
    assert canonical(url + "a") is None


def test_where_a_server_sends_us_keeps_its_tracking() -> None:
    assert absolute("https://example.com/f?utm_source=rss") == "https://example.com/f?utm_source=rss"


_PIECES = st.lists(
    st.sampled_from(
        ["http://", "https://", "//", "example.com", "bücher.de", ":80", ":443", "/", "..", "a", "ü", "%", "%41", " ",
         "?", "&", "=", "utm_source=x", "fbclid", "#f", "@", "[::1]", "127.0.0.1", "。", "\u00ad", "\\", ";", "+", "|"]
    ),
    max_size=12,
).map("".join)  # fmt: skip


@given(st.one_of(st.text(max_size=60), _PIECES, _PIECES.map(lambda rest: "https://example.com/" + rest)))
def test_canonical_addresses_are_canonical(url: str) -> None:
    once = canonical(url)
    if once is not None:
        assert canonical(once) == once
        assert once.startswith(("http://", "https://"))
        assert once.isascii()
        assert "@" not in once.split("/")[2]
        assert len(once) <= MAXIMUM


_LABELS = st.text("ab09-", max_size=6) | st.sampled_from(["a" * 49, "a" * 50, "a" * 51, "xn--a", "0x1", "com", "bench"])
_PORTS = st.sampled_from(["", ":", ":8", ":80", ":443", ":8080", ":08080", ":59999", ":65535", ":65536", ":٣٣٣"])
_PATHS = st.text("aZ9/%:@!$&'()*+,;=._~-?# \u00a0é|", max_size=8) | st.sampled_from(["a" * 2_000, "a" * MAXIMUM])


@given(st.sampled_from(["http://", "https://"]), st.lists(_LABELS, max_size=6), _PORTS, _PATHS)
def test_an_address_that_is_spelt_as_usual_is_what_the_long_way_would_make_of_it(
    scheme: str, labels: list[str], port: str, path: str
) -> None:
    url = f"{scheme}{'.'.join(labels)}{port}/{path}"
    assert canonical(url) == canonical(url + " ")  # a blank at the end is put off, on the long way alone
    assert absolute(url) == absolute(url + " ")


@given(st.lists(st.tuples(st.sampled_from(["id", "p", "q", "page"]), st.integers(0, 99)), max_size=5))
def test_meaning_and_order_of_a_query_stay(pairs: list[tuple[str, int]]) -> None:
    query = "&".join(f"{name}={value}" for name, value in pairs)
    found = canonical(f"https://example.com/?utm_term=1&{query}&gclid=2")
    assert found == "https://example.com/" + (f"?{query}" if query else "")


def test_hosts_and_gates_are_named() -> None:
    assert host_of("https://News.Example.com:8080/x") == "news.example.com"
    assert host_of("nothing") == ""
    assert host_of("http://[") == ""
    assert gate_of("https://www.example.com/x") == gate_of("http://example.com/") == "example.com"
    assert gate_of("https://one.tumblr.com/") == gate_of("https://two.tumblr.com/") == "tumblr.com"
    assert gate_of("http://192.0.2.1/") != gate_of("http://192.0.2.2/")
