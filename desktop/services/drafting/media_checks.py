"""The rules of a network for the images and videos of one part."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from datetime import timedelta

from desktop.domain.media import Asset, AssetId, MediaKind
from desktop.domain.networks import ImageRules, Network, NetworkRules, PostFormat, VideoRules
from desktop.domain.posts import MediaUse, Part
from desktop.kit.i18n import tr, trn
from desktop.services.drafting.findings import Finding, Fix, Severity
from desktop.services.drafting.fitting import ADVISED_IMAGE_BYTES, can_be_fitted, has_shape


def check_media(
    part: Part, post_format: PostFormat, rules: NetworkRules, assets: Mapping[AssetId, Asset]
) -> Iterator[Finding]:
    """Yield what is wrong with the media of ``part``; ``part`` and ``account_id`` of the findings are left open."""
    yield from _check_number(part, post_format, rules, assets)
    for index, use in enumerate(part.media):
        asset = assets.get(use.asset_id)
        if asset is None:
            message = tr("Picture {number} is no longer there.", number=index + 1)
            yield Finding("media_gone", Severity.BLOCK, message, media=index, fix=Fix.REMOVE_MEDIA)
            continue
        for finding in (*_check_file(asset, rules), *_check_alt_text(use, asset, rules)):
            yield Finding(finding.code, finding.severity, finding.message, media=index, fix=finding.fix)


def _check_number(
    part: Part, post_format: PostFormat, rules: NetworkRules, assets: Mapping[AssetId, Asset]
) -> Iterator[Finding]:
    count = len(part.media)
    if count == 0 and rules.needs_media:
        message = tr("{network} needs a picture or a video.", network=rules.network.label)
        yield Finding("media_missing", Severity.BLOCK, message, fix=Fix.ADD_MEDIA)
        return
    if count > rules.max_media:
        message = tr(
            "{count} pictures; {network} takes {limit}.",
            count=count,
            network=rules.network.label,
            limit=rules.max_media,
        )
        yield Finding("media_too_many", Severity.BLOCK, message, fix=Fix.REMOVE_MEDIA)
    if post_format is PostFormat.CAROUSEL and count < rules.min_carousel:
        message = trn(
            "A carousel needs {minimum} pictures; there is {count}.",
            "A carousel needs {minimum} pictures; there are {count}.",
            count,
            minimum=rules.min_carousel,
        )
        yield Finding("carousel_too_small", Severity.BLOCK, message, fix=Fix.ADD_MEDIA)
    kinds = [assets[use.asset_id].kind for use in part.media if use.asset_id in assets]
    if post_format is PostFormat.REEL and kinds != [MediaKind.VIDEO]:
        message = tr("A reel is exactly one video.")
        yield Finding("reel_needs_video", Severity.BLOCK, message, fix=Fix.CHANGE_FORMAT)


def _check_alt_text(use: MediaUse, asset: Asset, rules: NetworkRules) -> Iterator[Finding]:
    length = len(use.alt_text.strip())
    if length == 0 and asset.kind is MediaKind.IMAGE:
        message = tr("“{name}” has no description for people who cannot see it.", name=asset.original_name)
        yield Finding("alt_text_missing", Severity.WARN, message, fix=Fix.ADD_ALT_TEXT)
    if length > rules.max_alt_text:
        message = tr(
            "The description of “{name}” has {count} of {limit} characters.",
            name=asset.original_name,
            count=length,
            limit=rules.max_alt_text,
        )
        yield Finding("alt_text_too_long", Severity.BLOCK, message, fix=Fix.SHORTEN_ALT_TEXT)


def _check_file(asset: Asset, rules: NetworkRules) -> Iterator[Finding]:
    limits = rules.image if asset.kind is MediaKind.IMAGE else rules.video
    if asset.mime_type not in limits.mime_types:
        yield _unsupported(asset, limits, rules.network)
        return
    if asset.size_bytes > limits.max_bytes:
        shown, allowed = _megabytes(asset.size_bytes), _megabytes(limits.max_bytes)
        yield _refused("media_too_large", asset, rules.network, shown, allowed, _repair(asset, limits))
    elif asset.size_bytes > ADVISED_IMAGE_BYTES.get(rules.network, limits.max_bytes):
        message = tr(
            "“{name}” has {size}; {network} sometimes refuses pictures this large.",
            name=asset.original_name,
            size=_megabytes(asset.size_bytes),
            network=rules.network.label,
        )
        yield Finding("media_large", Severity.WARN, message, fix=_repair(asset, limits))
    if isinstance(limits, ImageRules):
        yield from _check_shape(asset, limits, rules.network)
    else:
        yield from _check_duration(asset, limits, rules.network)


def _check_shape(asset: Asset, limits: ImageRules, network: Network) -> Iterator[Finding]:
    if not has_shape(asset, limits):
        allowed = tr("{low} to {high}", low=f"{limits.min_ratio:g}:1", high=f"{limits.max_ratio:g}:1")
        shown = tr("the shape {ratio}", ratio=f"{asset.ratio:.2f}:1")
        yield _refused("media_shape", asset, network, shown, allowed)
    if not limits.min_width <= asset.width <= limits.max_width:
        allowed = tr("{low} to {high} pixels", low=limits.min_width, high=limits.max_width)
        shown = tr("a width of {width} pixels", width=asset.width)
        yield _refused("media_width", asset, network, shown, allowed, _repair(asset, limits))


def _check_duration(asset: Asset, limits: VideoRules, network: Network) -> Iterator[Finding]:
    duration = asset.duration or timedelta()
    if not limits.min_duration <= duration <= limits.max_duration:
        low, high = limits.min_duration.total_seconds(), limits.max_duration.total_seconds()
        allowed = tr("{low} to {high} seconds", low=f"{low:g}", high=f"{high:g}")
        shown = tr("{seconds} seconds", seconds=f"{duration.total_seconds():.1f}")
        yield _refused("video_duration", asset, network, shown, allowed)


def _unsupported(asset: Asset, limits: ImageRules | VideoRules, network: Network) -> Finding:
    if not limits.mime_types:
        message = tr(
            "“{name}” is a video, which cannot go to {network} yet.", name=asset.original_name, network=network.label
        )
        return Finding("media_type", Severity.BLOCK, message, fix=Fix.REMOVE_MEDIA)
    message = tr(
        "“{name}” is {kind}; {network} takes {kinds}.",
        name=asset.original_name,
        kind=_type_name(asset.mime_type),
        network=network.label,
        kinds=", ".join(_type_name(mime_type) for mime_type in limits.mime_types),
    )
    return Finding("media_type", Severity.BLOCK, message, fix=_repair(asset, limits))


def _refused(
    code: str, asset: Asset, network: Network, shown: str, allowed: str, fix: Fix = Fix.REPLACE_MEDIA
) -> Finding:
    message = tr(
        "“{name}” has {shown}; {network} takes {allowed}.",
        name=asset.original_name,
        shown=shown,
        network=network.label,
        allowed=allowed,
    )
    return Finding(code, Severity.BLOCK, message, fix=fix)


def _repair(asset: Asset, limits: ImageRules | VideoRules) -> Fix:
    can_be = isinstance(limits, ImageRules) and can_be_fitted(asset, limits)
    return Fix.FIT_MEDIA if can_be else Fix.REPLACE_MEDIA


def _type_name(mime_type: str) -> str:
    return "MOV" if mime_type == "video/quicktime" else mime_type.partition("/")[2].upper()


def _megabytes(size_bytes: int) -> str:
    """Return the size rounded up, so that what is over a limit also reads so."""
    return tr("{size} MB", size=f"{math.ceil(size_bytes / 100_000) / 10:g}")
