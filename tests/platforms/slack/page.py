"""A rendered message as a page that can be looked at: about what Slack's light theme makes of it.

It cannot show Slack's own fonts and emoji, the exact breaking of lines, names behind ids, times in the reader's zone,
or what pressing a button does. `python -m tests.platforms.slack.page OUT.html` writes one with all golden files.
"""

from __future__ import annotations

import html
import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.platforms.slack.golden_cases import FOLDER

_STYLE = """
body{background:#fff;color:#1d1c1d;font:15px/1.46 'Noto Sans',Helvetica,Arial,sans-serif;margin:16px}
.name{font-weight:700;margin:24px 0 6px}.message{max-width:600px}
.header{font-weight:700;font-size:18px;margin:8px 0}.section{margin:8px 0;white-space:pre-wrap}
.context{font-size:13px;color:#616061;margin:4px 0;white-space:pre-wrap}
.divider{border-top:1px solid #ddd;margin:12px 0}.actions{margin:8px 0}
button{background:#fff;border:1px solid #bbb;border-radius:4px;padding:5px 11px;margin:0 8px 4px 0;font-weight:600}
a{color:#1264a3;text-decoration:none}code{color:#c01343;background:#f6f6f6;border:1px solid #ddd;border-radius:3px}
.mention{background:#f00;color:#fff}label{display:block;font-weight:700}
"""
_ANGLES = re.compile(r"<([^<>]*)>")


def page(shown: Mapping[str, Any]) -> str:
    """All the messages and views on one page, each under its name."""
    inner = "".join(
        f'<div class="name">{html.escape(name)}</div><div class="message">{"".join(map(_block, each["blocks"]))}</div>'
        for name, each in shown.items()
    )
    head = (
        '<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Slack</title>'
    )
    return f"{head}<style>{_STYLE}</style><body>{inner}</body>"


def _block(block: Any) -> str:
    match block["type"]:
        case "divider":
            inner = ""
        case "header" | "section":
            inner = _text(block["text"])
        case "context":
            inner = " ".join(map(_text, block["elements"]))
        case "input":
            inner = f"<label>{_text(block['label'])}</label>{_element(block['element'])}"
        case "actions":
            inner = "".join(map(_element, block["elements"]))
        case unknown:
            raise ValueError(f"a block of type {unknown}")
    return f'<div class="{block["type"]}">{inner}</div>'


def _element(element: Any) -> str:
    words = _text(element["text"]) if "text" in element else "⋯" if element["type"] == "overflow" else element["type"]
    return f"<button>{words}</button>"


def _text(text: Any) -> str:
    """Slack's entities are HTML's own, so what stands between the angles of ours is all that has to be read."""
    if text["type"] == "plain_text":
        return html.escape(text["text"])
    linked = _ANGLES.sub(_angled, text["text"])
    return re.sub(r"`([^`]*)`", r"<code>\1</code>", re.sub(r"(?<!\w)\*([^*\n]+)\*(?!\w)", r"<b>\1</b>", linked))


def _angled(found: re.Match[str]) -> str:
    target, _, words = found[1].partition("|")
    if target.startswith("!date^"):
        return words
    if target.startswith("#"):
        return f"<a>{target}</a>"
    if target.startswith(("@", "!")):
        return f'<span class="mention">{target}</span>'
    return f'<a href="{target}">{words or target}</a>'


def golden() -> dict[str, Any]:
    """What all golden files hold."""
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.json"))}


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(golden()), encoding="utf-8")
