"""The rules of a network for the images and videos of one part."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from desktop.domain.media import Asset, AssetId, ImageDetails, MediaKind, VideoDetails
from desktop.domain.networks import ImageRules, MediaPurpose, Network, NetworkRules, PostFormat, VideoRules
from desktop.domain.posts import MediaUse, Part
from desktop.kit.i18n import tr, trn
from desktop.services.drafting.findings import Finding, Fix, Repair, Severity
from desktop.services.drafting.fitting import ADVISED_IMAGE_BYTES
from desktop.services.media.breaches import (
    Breach,
    breaches,
    has_advised_shape,
    has_shape,
    megabytes,
    ratio_words,
)
from desktop.services.media.planning import plan
from desktop.services.media.plans import FitChoice, Framing, MediaNotFittable

_CAROUSEL_ROUNDING = 0.01


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
        for finding in (*_check_file(asset, post_format, rules), *_check_alt_text(use, asset, rules)):
            yield replace(finding, media=index)
    yield from _check_carousel(part, post_format, rules, assets)


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


def _check_file(asset: Asset, post_format: PostFormat, rules: NetworkRules) -> Iterator[Finding]:
    limits = rules.limits(MediaPurpose.of(asset.kind, post_format))
    found = breaches(asset, limits)
    repairs = tuple(_repairs(asset, _advised(limits, rules.network), found))
    for breach in found:
        message = (
            _unsupported(asset, rules.network) if not limits.mime_types else _refused(breach, asset, rules.network)
        )
        yield _finding(breach.code, Severity.BLOCK, message, repairs)
    if not found:
        yield from _advice(asset, limits, rules.network)


def _advice(asset: Asset, limits: ImageRules | VideoRules, network: Network) -> Iterator[Finding]:
    """Yield what the network takes and people may still want to change."""
    if asset.size_bytes > _advised(limits, network).max_bytes:
        message = tr(
            "“{name}” has {size}; {network} sometimes refuses pictures this large.",
            name=asset.original_name,
            size=megabytes(asset.size_bytes),
            network=network.label,
        )
        yield _warning("media_large", message, asset, _advised(limits, network))
    if not has_advised_shape(asset, limits) and limits.advised_ratio is not None:
        message = tr(
            "“{name}” has the shape {shown}; {advised} fills the screen on {network}.",
            name=asset.original_name,
            shown=ratio_words(asset.ratio),
            advised=ratio_words(limits.advised_ratio),
            network=network.label,
        )
        yield _reshaping("media_advised_shape", message, asset, limits, limits.advised_ratio)
    if isinstance(asset.details, ImageDetails) and not asset.details.is_srgb:
        colours = asset.details.colours
        message = tr(
            "“{name}” has colours in {colours}; they may look dull.", name=asset.original_name, colours=colours
        )
        yield _warning("media_colours", message, asset, limits)
    if isinstance(asset.details, VideoDetails) and isinstance(limits, VideoRules):
        yield from _video_advice(asset, asset.details, limits)


def _video_advice(asset: Asset, details: VideoDetails, limits: VideoRules) -> Iterator[Finding]:
    name = asset.original_name
    if details.has_edits:
        message = tr("“{name}” was cut without being saved anew; what was cut off may be shown.", name=name)
        yield _warning("video_edits", message, asset, replace(limits, allows_edits=False))
    if details.is_fragmented:
        message = tr("“{name}” is stored in fragments, as for streaming; it may be refused.", name=name)
        yield _warning("video_fragmented", message, asset, limits)
    if details.is_hdr:
        message = tr("“{name}” is in HDR; its colours may look dull.", name=name)
        yield Finding("video_hdr", Severity.WARN, message)


def _check_carousel(
    part: Part, post_format: PostFormat, rules: NetworkRules, assets: Mapping[AssetId, Asset]
) -> Iterator[Finding]:
    """Warn of what is cut to the shape of the first item."""
    if post_format is not PostFormat.CAROUSEL or not rules.crops_carousel or not part.media:
        return
    first = assets.get(part.media[0].asset_id)
    for index, use in enumerate(part.media):
        asset = assets.get(use.asset_id)
        if first is None or asset is None or abs(asset.ratio - first.ratio) <= _CAROUSEL_ROUNDING:
            continue
        limits = rules.limits(MediaPurpose.of(asset.kind, post_format))
        if not has_shape(asset, limits) or not has_shape(first, limits):
            continue  # it has to change anyway
        message = tr(
            "“{name}” has the shape {shown}; {network} cuts it to {first}, the shape of the first.",
            name=asset.original_name,
            shown=ratio_words(asset.ratio),
            network=rules.network.label,
            first=ratio_words(first.ratio),
        )
        yield replace(_reshaping("carousel_cropped", message, asset, limits, first.ratio), media=index)


def _repairs(asset: Asset, limits: ImageRules | VideoRules, found: Collection[Breach]) -> Iterator[Repair]:
    """Yield what would make the asset fit altogether: the ways to change its shape, or else the one other way."""
    codes = {breach.code for breach in found}
    is_trimmed = "video_duration" in codes
    if not has_shape(asset, limits):
        ways = [(Fix.CROP_MEDIA, Framing.CROP), (Fix.PAD_MEDIA, Framing.PAD)]
    else:
        ways = [(Fix.TRIM_MEDIA if is_trimmed else Fix.FIT_MEDIA, Framing.KEEP)]
    for fix, framing in ways:
        yield from _possible(asset, Repair(fix, limits, FitChoice(framing, is_trimmed=is_trimmed)))


def _possible(asset: Asset, repair: Repair) -> Iterator[Repair]:
    with contextlib.suppress(MediaNotFittable):
        if plan(asset, repair.limits, repair.choice).steps:
            yield repair


def _reshaping(code: str, message: str, asset: Asset, limits: ImageRules | VideoRules, ratio: float) -> Finding:
    ways = [(Fix.CROP_MEDIA, Framing.CROP), (Fix.PAD_MEDIA, Framing.PAD)]
    wished = [Repair(fix, limits, FitChoice(framing, ratio=ratio)) for fix, framing in ways]
    repairs = tuple(repair for each in wished for repair in _possible(asset, each))
    return Finding(code, Severity.WARN, message, fix=repairs[0].fix if repairs else None, repairs=repairs)


def _warning(code: str, message: str, asset: Asset, limits: ImageRules | VideoRules) -> Finding:
    return _finding(code, Severity.WARN, message, tuple(_possible(asset, Repair(Fix.FIT_MEDIA, limits, FitChoice()))))


def _finding(code: str, severity: Severity, message: str, repairs: tuple[Repair, ...]) -> Finding:
    return Finding(code, severity, message, fix=repairs[0].fix if repairs else Fix.REPLACE_MEDIA, repairs=repairs)


def _advised(limits: ImageRules | VideoRules, network: Network) -> ImageRules | VideoRules:
    """Return the limits a repair keeps to, which follow the network's advice too."""
    if isinstance(limits, VideoRules) or network not in ADVISED_IMAGE_BYTES:
        return limits
    return replace(limits, max_bytes=min(limits.max_bytes, ADVISED_IMAGE_BYTES[network]))


def _unsupported(asset: Asset, network: Network) -> str:
    return tr("“{name}” is a video, which cannot go to {network} yet.", name=asset.original_name, network=network.label)


def _refused(breach: Breach, asset: Asset, network: Network) -> str:
    sentence = (
        "“{name}” is {shown}; {network} takes {allowed}."
        if breach.code == "media_type"
        else "“{name}” has {shown}; {network} takes {allowed}."
    )
    return tr(sentence, name=asset.original_name, shown=breach.shown, network=network.label, allowed=breach.allowed)
