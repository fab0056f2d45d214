from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import time
from pathlib import Path
from typing import get_args

import pytest
from pydantic import BaseModel

from bot.config import Config, FeedTable, Slack, load_config
from bot.config.chats import secret
from bot.errors import ConfigError

EXAMPLE = Path(__file__).parent.parent / "config.example.toml"


def faults(tmp_path: Path, text: str) -> str:
    path = tmp_path / "config.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_config(path)
    return str(caught.value)


def keys(model: type[BaseModel], path: str = "") -> Iterator[str]:
    for name, field in model.model_fields.items():
        kinds = [kind for kind in (*get_args(field.annotation), field.annotation) if isinstance(kind, type)]
        nested = next((kind for kind in kinds if issubclass(kind, BaseModel)), None)
        if nested is None:
            yield f"{path}{field.alias or name}"
        else:
            yield from keys(nested, f"{path}{name}.")


def test_the_example_shows_every_default_as_it_is() -> None:
    assert load_config(EXAMPLE) == Config()


def test_the_example_names_every_option() -> None:
    told, table = set(), ""
    for line in EXAMPLE.read_text(encoding="utf-8").splitlines():
        if header := re.fullmatch(r"(?:# )?\[\[?([\w.]+)\]\]?", line):
            table = header[1]
        elif option := re.match(r"(?:# )?(\w+) = ", line):
            told.add(f"{table}.{option[1]}")
    assert not set(keys(Config)) - told


def test_the_example_of_a_feed_is_right(tmp_path: Path) -> None:
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    start = lines.index("# [[feeds.add]]")
    block = [line[2:] for line in lines[start : lines.index("[polling]")] if line.startswith("# ")]
    path = tmp_path / "config.toml"
    path.write_text("\n".join(block), encoding="utf-8")
    (feed,) = load_config(path).feeds.add
    assert feed.feed().owner == "Example"
    assert set(FeedTable.model_fields) == set(feed.model_fields_set)


def test_all_faults_stand_in_one_report_with_their_lines(tmp_path: Path) -> None:
    report = faults(
        tmp_path,
        '[polling]\ninterval_minuts = 30\nconcurrency = "many"\n\n[digests]\nzone = "Europe/Londn"\ndays = "someday"\n',
    )
    assert "4 faults" in report
    assert "line 2: polling.interval_minuts: unknown key; did you mean 'interval_minutes'?" in report
    assert "line 3: polling.concurrency" in report
    assert "line 6: digests.zone" in report
    assert "Did you mean Europe/London?" in report
    assert "line 7: digests.days" in report


def test_an_unknown_table_is_told_with_the_one_meant(tmp_path: Path) -> None:
    assert "line 1: polling_: unknown key; did you mean 'polling'?" in faults(tmp_path, "[polling_]\n")


def test_a_fault_in_the_second_feed_is_told_at_its_own_line(tmp_path: Path) -> None:
    report = faults(
        tmp_path,
        '[[feeds.add]]\nurl = "https://a.example/feed"\ntitle = "A"\n'
        '[[feeds.add]]\nurl = "no address"\ntitle = "B"\nregister = "poem"\n',
    )
    assert "line 5: feeds.add.1.url" in report
    assert "line 7: feeds.add.1.register" in report


def test_a_slack_that_nobody_could_install_is_refused_with_both_ways_out(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("BOT_TOKEN", "CLIENT_SECRET"):
        monkeypatch.delenv(f"PACTWIRE_SLACK_{name}", raising=False)
    monkeypatch.setenv("PACTWIRE_SLACK_SIGNING_SECRET", "x")
    with pytest.raises(ConfigError) as refused:
        Slack(mode="http").secrets(is_meant=True)
    assert "PACTWIRE_SLACK_BOT_TOKEN: the Bot User OAuth Token" in str(refused.value)
    assert "PACTWIRE_SLACK_CLIENT_SECRET: the Client Secret" in str(refused.value)


@pytest.mark.parametrize("key", ["token", "slack_bot_token", "client_secret", "password"])
def test_secrets_are_sent_elsewhere_and_never_repeated(tmp_path: Path, key: str) -> None:
    report = faults(tmp_path, f'[pactwire]\n{key} = "xoxb-do-not-repeat"\n')
    assert "secrets do not stand in this file" in report
    assert "do-not-repeat" not in report


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[digests]\ntimes = []\n", "digests.times"),
        ("[digests]\nmaximum = 0\n", "digests.maximum"),
        ("[feeds]\npacks = ['weather']\n", "there is no pack 'weather'; there are cloud, healthcare"),
        ("[polling]\nallow_addresses = ['home']\n", "not an address or a network"),
        ("[polling]\ninterval_minutes = 1\n", "greater than or equal to 15"),
        ("[pactwire]\nroot_command = 'Two Words'\n", "pactwire.root_command"),
        ("[pactwire\n", "is not TOML"),
    ],
)
def test_a_wrong_value_is_told_with_what_would_be_right(tmp_path: Path, text: str, told: str) -> None:
    assert told in faults(tmp_path, text)


def test_a_missing_or_undecodable_file_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="is not there"):
        load_config(tmp_path / "none.toml")
    (tmp_path / "odd.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError, match="is not UTF-8 text"):
        load_config(tmp_path / "odd.toml")


def test_times_come_out_earliest_first_whatever_their_order(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('[digests]\ntimes = ["17:30", "08:00", "17:30"]\n')
    assert load_config(path).digests.times == (time(8), time(17, 30))


@pytest.mark.parametrize("times", ['["08:00Z"]', str([f"{hour:02}:00" for hour in range(9)])])
def test_times_that_no_command_would_take_are_refused(tmp_path: Path, times: str) -> None:
    assert "digests.times" in faults(tmp_path, f"[digests]\ntimes = {times}\n")


def test_a_feed_is_kept_under_the_address_that_a_command_would_keep(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('[[feeds.add]]\nurl = "HTTPS://A.example/feed?utm_source=x"\ntitle = "A"\n')
    assert load_config(path).feeds.add[0].feed().url == "https://a.example/feed"
    assert "feeds.add.0.url" in faults(tmp_path, '[[feeds.add]]\nurl = "https://me:pw@a.example/"\ntitle = "A"\n')


def test_a_secret_comes_from_the_environment_before_it_comes_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("from-file\n")
    assert secret("TOKEN", file, {"TOKEN": " from-environment "}) == "from-environment"
    assert secret("TOKEN", file, {}) == "from-file"
    assert secret("TOKEN", None, {"TOKEN": ""}) is None


@pytest.mark.parametrize(("held", "said"), [("", "is empty"), ("two words", "blanks"), ("tökén", "blanks")])
def test_what_can_be_no_secret_is_refused_without_being_repeated(tmp_path: Path, held: str, said: str) -> None:
    file = tmp_path / "token"
    file.write_text(held, encoding="utf-8")
    with pytest.raises(ConfigError, match=said) as caught:
        secret("TOKEN", file, {})
    assert not held or held not in str(caught.value)


def test_a_secret_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="No such file or directory"):
        secret("TOKEN", tmp_path / "none", {})
