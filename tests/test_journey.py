"""The whole program as a person runs it: in a process of its own, in an empty folder."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path

import pytest

from bot.web.server import LocalServer
from tests.feedkit import DEAL, item, rss

ROOT = Path(__file__).parent.parent


async def start(folder: Path, *words: str) -> Process:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "100", "PYTHONWARNINGS": "error"}
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *words, cwd=folder, env=environment, stdin=PIPE, stdout=PIPE, stderr=PIPE
    )


async def run(folder: Path, *words: str) -> tuple[int, str, str]:
    process = await start(folder, *words)
    out, err = await asyncio.wait_for(process.communicate(b""), 60)
    assert process.returncode is not None
    return process.returncode, out.decode(), err.decode()


async def test_the_tour_tells_each_sample_deal_once(tmp_path: Path) -> None:
    code, out, err = await run(tmp_path)
    assert (code, err) == (0, "")
    assert out.count("Mayo Clinic") > 1
    assert out.count("10-year strategic partnership") >= 1
    assert "7 of 7 feeds read" in out
    assert "These are samples" in out
    code, again, err = await run(tmp_path)
    assert (code, err) == (0, "")
    assert "●" not in again
    assert "Nothing new" in again
    assert {path.name for path in tmp_path.iterdir()} == {"data"}


async def test_one_command_is_answered_without_more_ado(tmp_path: Path) -> None:
    code, out, err = await run(tmp_path, "do", "search google rochester")
    assert (code, err) == (0, "")
    assert "Rochester, Minnesota" in out


async def test_a_mistaken_command_is_a_sentence_and_a_failure(tmp_path: Path) -> None:
    code, out, err = await run(tmp_path, "do", "latst")
    assert (code, out) == (1, "")
    assert "Did you mean" in err
    assert "Traceback" not in err


async def test_a_broken_configuration_is_told_in_one_report(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("[polling]\nconcurency = 3\n")
    for words in ([], ["check-config"], ["do", "latest"], ["feeds", "check"]):
        code, out, err = await run(tmp_path, *words)
        assert (code, out) == (1, "")
        assert "did you mean 'concurrency'?" in err
        assert "Traceback" not in err


async def test_a_named_configuration_that_is_not_there_is_told(tmp_path: Path) -> None:
    code, _, err = await run(tmp_path, "--config", "elsewhere.toml")
    assert code == 1
    assert "elsewhere.toml is not there" in err


def config(server: LocalServer, *paths: str) -> str:
    feeds = "".join(
        f'[[feeds.add]]\nurl = "{server.url(path)}"\ntitle = "{path[1:]}"\nregister = "press_release"\n'
        for path in paths
    )
    return (
        '[polling]\nhost_pause_seconds = 0\nfirst_poll_days = 3650\nallow_addresses = ["127.0.0.0/8"]\n'
        f"allow_ports = [{server.port}]\n[feeds]\npacks = []\n{feeds}"
    )


async def test_the_bot_polls_what_is_configured_and_ends_on_sigterm(tmp_path: Path) -> None:
    async with LocalServer({"/a": rss(item(*DEAL, link="https://news.example/1"))}) as server:
        (tmp_path / "config.toml").write_text(config(server, "/a", "/missing"))
        process = await start(tmp_path)
        assert process.stderr is not None
        log = b""
        while b"poll.failed" not in log or b"poll.read" not in log:
            log += await asyncio.wait_for(process.stderr.readline(), 30)
        second_code, _, second = await run(tmp_path, "do", "latest")
        process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(process.communicate(), 10)
        assert process.returncode == 0
        assert second_code == 1
        assert f"Another Pactwire (process {process.pid})" in second
        code, out, _ = await run(tmp_path, "do", "latest")
        assert code == 0
        assert "Acme Health × Borealis Cloud: 10-year strategic partnership" in out
        _, status, _ = await run(tmp_path, "do", "status")
        assert "404" in status


async def test_feeds_are_checked_side_by_side(tmp_path: Path) -> None:
    async with LocalServer({"/a": rss(item(*DEAL, link="https://news.example/1"))}) as server:
        (tmp_path / "config.toml").write_text(config(server, "/a"))
        code, out, _ = await run(tmp_path, "feeds", "check")
        assert code == 0
        assert "1 of 1 feeds can be read" in out
        (tmp_path / "config.toml").write_text(config(server, "/a", "/missing"))
        code, out, _ = await run(tmp_path, "feeds", "check")
        assert code == 1
        assert "404" in out


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
async def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    code, _, err = await run(tmp_path)
    assert code == 1
    assert "cannot be made" in err
