"""Repairing pictures a network does not take as they are (``Fix.FIT_MEDIA``).

The picture is made by ``MediaService.fit`` with ``fit_rules``; ``with_fitted`` puts it into the post.
"""

from __future__ import annotations

from dataclasses import replace

from desktop.domain.accounts import AccountId
from desktop.domain.media import Asset, AssetId, MediaKind
from desktop.domain.networks import ImageRules, Network, NetworkRules
from desktop.domain.posts import Content, Part, Post
from desktop.services.media.ports import MAX_ENLARGEMENT

JPEG = "image/jpeg"

# advised, not enforced: see the sources in resources/networks
ADVISED_IMAGE_BYTES: dict[Network, int] = {Network.FACEBOOK: 4_000_000}

# cameras round: 1080 x 1351 is meant as 4:5
_RATIO_ROUNDING = 0.005


def has_shape(asset: Asset, limits: ImageRules) -> bool:
    """Whether the picture is neither too tall nor too wide."""
    return limits.min_ratio - _RATIO_ROUNDING <= asset.ratio <= limits.max_ratio + _RATIO_ROUNDING


def can_be_fitted(asset: Asset, limits: ImageRules) -> bool:
    """Whether a JPEG of the picture would be taken. Its shape stays, since what to cut off is a person's choice.

    GIFs mostly move and are left alone; of WebP only the file itself knows, so fitting one may still be refused.
    """
    return (
        asset.kind is MediaKind.IMAGE
        and asset.mime_type != "image/gif"
        and JPEG in limits.mime_types
        and has_shape(asset, limits)
        and asset.width * MAX_ENLARGEMENT >= limits.min_width
    )


def fit_rules(rules: NetworkRules) -> ImageRules:
    """Return what a fitted picture keeps to: the limits of the network, and its advice."""
    most = min(rules.image.max_bytes, ADVISED_IMAGE_BYTES.get(rules.network, rules.image.max_bytes))
    return replace(rules.image, max_bytes=most)


def with_fitted(post: Post, account_id: AccountId, original: AssetId, fitted: AssetId) -> Post:
    """Return the post with ``fitted`` wherever the account publishes ``original``; descriptions stay.

    That is in the account's own content, or in the shared one while it follows that.
    """
    content = _replaced(post.content_for(account_id), original, fitted)
    variant = post.variant_for(account_id)
    if variant is not None and variant.override is not None:
        return post.with_override(account_id, content)
    return replace(post, shared=content)


def _replaced(content: Content, original: AssetId, fitted: AssetId) -> Content:
    return Content(tuple(_replaced_in_part(part, original, fitted) for part in content.parts))


def _replaced_in_part(part: Part, original: AssetId, fitted: AssetId) -> Part:
    media = tuple(replace(use, asset_id=fitted) if use.asset_id == original else use for use in part.media)
    return replace(part, media=media)
