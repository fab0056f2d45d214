"""A rendered message as a page that can be looked at: about what Discord's dark theme makes of it.

It cannot show Discord's own fonts and emoji, the exact breaking of lines, times in the reader's zone and language, or
what pressing a button does. `python -m tests.platforms.discord.page OUT.html` writes one with all golden files.
"""

from __future__ import annotations

import html
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.platforms.discord.markdown_model import as_html

GOLDEN = Path(__file__).parent / "golden"
_STYLE = """
body{background:#313338;color:#dbdee1;font:15px/1.375 'Noto Sans',Helvetica,Arial,sans-serif;margin:16px}
.message{max-width:600px;margin:0 0 28px 52px}.name{color:#f2f3f5;font-weight:600;margin:20px 0 6px 52px}
.both{display:flex;align-items:flex-start;gap:24px}.both .message{flex:0 0 600px}.phone{flex:0 0 330px;width:330px}
.container,.embed{background:#2b2d31;border:1px solid #3f4147;border-left:4px solid;border-radius:8px;padding:14px;
margin:6px 0}
.heading{font-weight:700;font-size:18px;margin:6px 0;color:#f2f3f5}
.container .heading{font-size:14px;letter-spacing:.03em}
.subtext{font-size:12.5px;color:#949ba4;margin:2px 0}
.quote{border-left:4px solid #4e5058;padding-left:10px;margin:3px 0}
.strong{font-weight:700;color:#f2f3f5}
.code{background:#1e1f22;padding:1px 4px;border-radius:4px;font-family:monospace}
.time{background:#3f4147;border-radius:3px;padding:0 2px}a{color:#00a8fc;text-decoration:none}
.separator{border-top:1px solid #3f4147;margin:10px 0}.row{margin:8px 0}
.section{display:flex;justify-content:space-between}
button,.visit{display:inline-block;margin-bottom:6px}.visit::after{content:" ↗"}
button,.visit{background:#4e5058;color:#fff;border:0;border-radius:6px;padding:6px 12px;margin-right:8px;font-size:13px}
button.danger{background:#da373c}button:disabled{opacity:.4}.title{font-weight:700;color:#f2f3f5}
.mention,.invite,.autolink,.url,.spoiler{background:#f00;color:#fff}
"""


def page(payloads: Mapping[str, Any]) -> str:
    """All the payloads on one page, each under its name, wide and as narrow as on a phone."""
    shown = "".join(
        f'<div class="name">{html.escape(name)}</div><div class="both"><div class="message">{_message(payload)}</div>'
        f'<div class="phone">{_message(payload)}</div></div>'
        for name, payload in payloads.items()
    )
    return f'<!doctype html><meta charset="utf-8"><title>Discord</title><style>{_STYLE}</style><body>{shown}</body>'


def _message(payload: Any) -> str:
    embeds = "".join(map(_embed, payload.get("embeds", ())))
    return embeds + "".join(map(_component, payload["components"]))


def _embed(embed: Any) -> str:
    title = f'<div class="title">{html.escape(embed["title"])}</div>' if "title" in embed else ""
    footer = f'<div class="subtext">{html.escape(embed["footer"]["text"])}</div>' if "footer" in embed else ""
    inner = f"{title}{as_html(embed.get('description', ''))}{footer}"
    return f'<div class="embed" style="border-left-color:#{embed["color"]:06x}">{inner}</div>'


def _component(component: Any) -> str:
    inner = "".join(map(_component, component.get("components", ())))
    match component["type"]:
        case 10:
            return as_html(component["content"])
        case 17:
            return f'<div class="container" style="border-left-color:#{component["accent_color"]:06x}">{inner}</div>'
        case 14:
            return '<div class="separator"></div>'
        case 9:
            return f'<div class="section"><div>{inner}</div><div>{_component(component["accessory"])}</div></div>'
        case 1:
            return f'<div class="row">{inner}</div>'
        case 2:
            if component["style"] == 5:
                return f'<a class="visit" href="{html.escape(component["url"])}">{html.escape(component["label"])}</a>'
            kind = "danger" if component["style"] == 4 else "secondary"
            disabled = " disabled" if component["disabled"] else ""
            return f'<button class="{kind}"{disabled}>{html.escape(component["label"])}</button>'
        case unknown:
            raise ValueError(f"a component of type {unknown}")


if __name__ == "__main__":
    found = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(GOLDEN.glob("*.json"))}
    Path(sys.argv[1]).write_text(page(found), encoding="utf-8")
