"""What a check of feeds says when nobody answers."""

from __future__ import annotations

import pytest

from bot.commands.checking import Checked, check_report, is_offline
from bot.feeds.answer import FetchFailed, NotModified
from bot.feeds.model import Feed
from tests.desk import shown

AWAY = FetchFailed("The site's name does not exist", is_unreached=True)
SILENT = FetchFailed("The site did not answer within 10 seconds", is_unreached=True)
REFUSED = FetchFailed("HTTP 403: the site refuses us", 403)


def checked(*answers: FetchFailed | NotModified, host: str = "site{}.example") -> list[Checked]:
    return [
        Checked(Feed(f"https://{host.format(number)}/{number}", f"Feed {number}"), answer, 1.0)
        for number, answer in enumerate(answers)
    ]


@pytest.mark.parametrize(
    ("results", "offline"),
    [
        (checked(AWAY, SILENT, AWAY), True),
        (checked(*[AWAY] * 100), True),
        (checked(AWAY, AWAY), False),
        (checked(AWAY, AWAY, AWAY, host="one.example"), False),
        (checked(AWAY, AWAY, AWAY, REFUSED), False),
        (checked(AWAY, AWAY, AWAY, NotModified()), False),
        (checked(REFUSED, REFUSED, REFUSED), False),
        ([], False),
    ],
)
def test_a_machine_is_offline_where_not_one_of_several_publishers_can_be_reached(
    results: list[Checked], offline: bool
) -> None:
    assert is_offline(results) is offline


def test_a_machine_that_is_offline_is_told_in_one_sentence_and_no_site_is_blamed() -> None:
    said = shown(check_report(checked(AWAY, SILENT, AWAY)))
    assert said.startswith("This machine seems to be offline: not one of 3 feeds' sites could be reached")
    assert "2 | The site's name does not exist" in said
    assert "Feed 1" not in said
