"""Pages a person can open: the post behind a permalink, an index of the latest posts, and drawn avatars."""

from __future__ import annotations

import html
from urllib.parse import urlsplit

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import HTMLResponse, Response

from desktop.kit.i18n import tr
from desktop.sandbox.model import Media, Network, Post
from desktop.sandbox.permalinks import permalink
from desktop.sandbox.sandbox import Sandbox
from desktop.sandbox.threads_parameters import ghost_end
from desktop.sandbox.visitors import VISITORS, author_of

_LATEST = 50
_STYLE = """
:root{color-scheme:light dark;--back:#f4f4f6;--card:#fff;--ink:#1b1b1f;--soft:#6b6b76;--line:#e2e2e8;--mark:#7a3ff2}
@media(prefers-color-scheme:dark){:root{--back:#151518;--card:#1f1f24;--ink:#f1f1f4;--soft:#a0a0ac;--line:#33333b}}
*{box-sizing:border-box}body{margin:0;background:var(--back);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
.banner{background:var(--mark);color:#fff;text-align:center;padding:.5rem;font-weight:600}
main{max-width:38rem;margin:2rem auto;padding:0 1rem}a{color:inherit}
article{background:var(--card);border:1px solid var(--line);border-radius:16px;padding:1.25rem;margin-bottom:1rem}
header{display:flex;gap:.75rem;align-items:center}header img{width:44px;height:44px;border-radius:50%}
.soft{color:var(--soft);font-size:.875rem}.text{white-space:pre-wrap;overflow-wrap:anywhere}
figure{margin:.75rem 0 0;border:1px solid var(--line);border-radius:12px;padding:.75rem}
figure img{width:100%;border-radius:8px;display:block}
figure code{font-size:.75rem;color:var(--soft);overflow-wrap:anywhere}
"""
_SAFE_HEADERS = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'"}
_NETWORK_NAMES = {Network.THREADS: "Threads", Network.INSTAGRAM: "Instagram", Network.FACEBOOK: "Facebook"}


def view_router(box: Sandbox) -> APIRouter:
    """Return the routes showing ``box``."""
    router = APIRouter()

    @router.get("/")
    async def index(request: Request) -> Response:
        posts = [p for p in reversed(box.world.live_posts()) if _is_shown(box, p)][:_LATEST]
        articles = [_article(box, post, str(request.base_url).rstrip("/")) for post in posts]
        return page(tr("Latest posts"), "".join(articles) or f"<p>{html.escape(tr('Nothing was published yet.'))}</p>")

    @router.get("/view/avatar/{account_id}.svg")
    async def avatar(account_id: str) -> Response:
        return Response(_avatar(box, account_id), media_type="image/svg+xml", headers=_SAFE_HEADERS)

    @router.get("/view/picture/{sha256}")
    async def picture(sha256: str) -> Response:
        if (found := box.pictures.get(sha256)) is None:
            raise HTTPException(404, "no such picture")
        return Response(found.content, media_type=found.media_type, headers=_SAFE_HEADERS)

    @router.get("/view/{network}/{path:path}")
    async def post_page(request: Request, network: Network, path: str) -> Response:
        post = _find(box, network, path)
        title = author_of(box, post.account_id).name
        return page(title, _article(box, post, str(request.base_url).rstrip("/")))

    return router


def _find(box: Sandbox, network: Network, path: str) -> Post:
    shortcode = path.rstrip("/").rpartition("/")[2]
    for post in box.world.posts.values():
        if post.shortcode == shortcode and post.network is network and post.published_at and _is_shown(box, post):
            return post
    raise HTTPException(404, "no such post")


def _is_shown(box: Sandbox, post: Post) -> bool:
    end = ghost_end(post)
    return post.deleted_at is None and (end is None or end > box.clock.now())


def _article(box: Sandbox, post: Post, base_url: str) -> str:
    account = author_of(box, post.account_id)
    at = (post.published_at or post.created_at).strftime("%Y-%m-%d %H:%M:%S UTC")
    address = html.escape(permalink(base_url, post, account.username))
    figures = "".join(_figure(box, media) for media in post.media)
    name, username = html.escape(account.name), html.escape(account.username)
    return (
        f'<article><header><img src="/view/avatar/{account.id}.svg" alt=""><div><strong>{name}</strong>'
        f'<div class="soft">@{username} · {_NETWORK_NAMES[post.network]} · <a href="{address}">{at}</a></div>'
        "</div></header>"
        f'<p class="text">{html.escape(post.text)}</p>{_link(post.link)}{figures}</article>'
    )


def _link(link: str) -> str:
    shown = html.escape(link)
    if urlsplit(link).scheme not in {"http", "https"}:
        return f'<p class="text">{shown}</p>' if link else ""
    return f'<p class="text"><a rel="noreferrer" href="{shown}">{shown}</a></p>'


def _figure(box: Sandbox, media: Media) -> str:
    alt = html.escape(media.alt_text)
    image = f'<img src="/view/picture/{media.sha256}" alt="{alt}">' if box.pictures.get(media.sha256) else ""
    size = f" · {media.width} × {media.height}" if media.width else ""
    return (
        f"<figure>{image}<figcaption>{alt or html.escape(tr('No alternative text'))}</figcaption>"
        f"<code>{media.kind}{size} · {media.sha256[:16]}</code></figure>"
    )


def _avatar(box: Sandbox, account_id: str) -> str:
    account = box.world.accounts.get(account_id) or VISITORS.get(account_id)
    if account is None:
        raise HTTPException(404, "no such account")
    initials = html.escape("".join(word[0] for word in account.name.split()[:2]))
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96"><rect width="96" height="96" '
        f'fill="hsl({int(account.id[-4:]) % 360} 55% 45%)"/><text x="48" y="60" font-family="sans-serif" '
        f'font-size="36" fill="#fff" text-anchor="middle">{initials}</text></svg>'
    )


def page(title: str, body: str, status: int = 200) -> HTMLResponse:
    """Return a page in the sandbox's dress; ``title`` is text, ``body`` is HTML."""
    note = html.escape(tr("Sandbox: nothing here is on the internet"))
    return HTMLResponse(
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{html.escape(title)} · Sandbox</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head>'
        f'<body><div class="banner">{note}</div><main>{body}</main></body></html>',
        status,
        headers=_SAFE_HEADERS,
    )
