"""Addresses of published posts; they open as pages of the sandbox."""

from __future__ import annotations

from desktop.sandbox.model import Network, Post


def permalink(base_url: str, post: Post, username: str) -> str:
    """Return the post's address, shaped like the network's own."""
    paths = {
        Network.THREADS: f"@{username}/post/{post.shortcode}",
        Network.INSTAGRAM: f"{'reel' if post.extras.get('product') == 'REELS' else 'p'}/{post.shortcode}",
        Network.FACEBOOK: f"{username}/posts/{post.shortcode}",
    }
    return f"{base_url}/view/{post.network}/{paths[post.network]}/"
