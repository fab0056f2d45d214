"""What is installed is what was locked, and nothing is fetched that nobody asked for."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LOCKS = sorted(ROOT.glob("requirements*.lock"))

WITHOUT_A_NETWORK = """
import pkgutil, socket, importlib, sys

def refused(*_, **__):
    raise AssertionError("an import asked the network")

socket.socket.connect = socket.socket.connect_ex = socket.create_connection = socket.getaddrinfo = refused
import bot
for each in pkgutil.walk_packages(bot.__path__, "bot."):
    if not each.name.endswith("__main__") and ".migrations.env" not in each.name and "evaluate.learnt" not in each.name:
        importlib.import_module(each.name)
print(len(sys.modules))
"""


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_every_line_of_a_lock_has_a_version_and_its_hashes_and_no_address(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    blocks = re.split(r"\n(?=[a-zA-Z0-9])", text.strip())
    assert len(blocks) > 20
    for block in blocks:
        assert re.match(r"[a-zA-Z0-9._-]+==[^\s;]+", block), block[:80]
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", block), block[:80]
    assert "://" not in text
    assert " @ " not in text


def test_what_installs_insists_on_hashes_and_on_built_packages() -> None:
    lines = (ROOT / "Makefile").read_text(encoding="utf-8").splitlines()
    installs = [line for line in lines if "$(PIP)" in line and " -r " in line]
    assert len(installs) == 3
    assert all("$(LOCKED)" in line for line in installs)
    (locked,) = [line for line in lines if line.startswith("LOCKED ")]
    assert {"--require-hashes", "--only-binary", "--no-deps"} <= set(locked.split())


def test_locks_that_are_installed_side_by_side_agree() -> None:
    run, dev = (
        dict(
            re.findall(r"^([a-zA-Z0-9._-]+)==([^\s;]+(?: ;[^\\\n]*)?)", (ROOT / name).read_text("utf-8"), re.MULTILINE)
        )
        for name in ("requirements.lock", "requirements-dev.lock")
    )
    assert run.items() <= dev.items()


def test_no_import_asks_the_network() -> None:
    done = subprocess.run([sys.executable, "-c", WITHOUT_A_NETWORK], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2_000:]
    assert int(done.stdout) > 500
