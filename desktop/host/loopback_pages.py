"""The page the browser shows at the end of a sign-in."""

from __future__ import annotations

from html import escape

from desktop.kit.branding import NAME
from desktop.kit.i18n import tr

_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;margin:0;min-height:100vh;display:grid;place-items:center;"
    "background:#f4f4f6;color:#1c1c1f}main{max-width:26rem;padding:2rem;text-align:center}h1{font-size:1.4rem}"
    "@media(prefers-color-scheme:dark){body{background:#17171a;color:#ececf0}}"
)


def closing_page(*, is_ours: bool, is_granted: bool) -> bytes:
    """Return the whole answer for a browser that came back."""
    if not is_ours:
        return _answer(
            "400 Bad Request",
            tr("This sign-in was not started here"),
            tr("Go back to {name} and start again.", name=NAME),
        )
    if not is_granted:
        return _answer(
            "200 OK", tr("Nothing was connected"), tr("You can close this page and return to {name}.", name=NAME)
        )
    return _answer("200 OK", tr("Almost done"), tr("You can close this page. {name} goes on by itself.", name=NAME))


def _answer(status: str, title: str, words: str) -> bytes:
    body = (
        f'<!doctype html><html><head><meta charset="utf-8"><title>{escape(NAME)}</title>'
        f"<style>{_STYLE}</style></head>"
        f"<body><main><h1>{escape(title)}</h1><p>{escape(words)}</p></main></body></html>"
    ).encode()
    head = (
        f"HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(body)}\r\n"
        "Cache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nX-Content-Type-Options: nosniff\r\n"
        "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'\r\n"
        "Connection: close\r\n\r\n"
    )
    return head.encode("ascii") + body


NOT_FOUND = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
