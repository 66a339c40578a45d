"""What a network gets for a part. The counter, the preview, the preflight and the publisher all call this.

Pure. The text itself is never rewritten, so a position in the editor is a position in what is published; what a network
cannot show is left out and said in a note.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from desktop.domain.deliveries import Payload, PayloadMedia, PayloadPart
from desktop.domain.errors import NotFound
from desktop.domain.media import Asset, AssetId, MediaKind
from desktop.domain.networks import Network, NetworkRules, PostFormat
from desktop.domain.options import NO_PART_OPTIONS, FacebookOptions, InstagramOptions, NetworkOptions, ThreadsOptions
from desktop.domain.posts import Content, Mark, MarkKind, MediaUse, Part
from desktop.kit.i18n import tr
from desktop.services.drafting.counting import published_text
from desktop.services.drafting.entities import addresses

MAX_SPOILERS = 10  # Threads API, create container: text_entities

# Bold and the like exist on Threads only inside a text attachment, which is not built yet (``meta-api.md`` §2.1).
_SHOWN_MARKS: dict[Network, frozenset[MarkKind]] = {Network.THREADS: frozenset({MarkKind.SPOILER})}
_OPTIONS: dict[Network, type[NetworkOptions]] = {
    Network.THREADS: ThreadsOptions,
    Network.INSTAGRAM: InstagramOptions,
    Network.FACEBOOK: FacebookOptions,
}
_PREVIEWING = frozenset({Network.THREADS, Network.FACEBOOK})

_STYLES: dict[MarkKind, str] = {
    MarkKind.BOLD: "Bold",
    MarkKind.ITALIC: "Italic",
    MarkKind.UNDERLINE: "Underline",
    MarkKind.STRIKETHROUGH: "Strikethrough",
    MarkKind.HIGHLIGHT: "Highlight",
    MarkKind.SPOILER: "Spoiler",
}


@dataclass(frozen=True, slots=True)
class RenderNote:
    """Something of the part that its readers on this network will not see. ``code`` is stable."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Rendering:
    """A part as the network gets it: text, the marks it can show, the address it shows as a card, and what is lost."""

    text: str
    marks: tuple[Mark, ...] = ()
    link: str | None = None
    warnings: tuple[RenderNote, ...] = ()


def render(part: Part, rules: NetworkRules) -> Rendering:
    """Return how ``part`` reads on the network of ``rules``."""
    text = published_text(part.text)
    marks = clipped_marks(part.marks, len(part.text) - len(part.text.lstrip()), len(text))
    shown = tuple(mark for mark in marks if mark.kind in _SHOWN_MARKS.get(rules.network, ()))
    link = (part.options.link or _link(text, marks)) if rules.network in _PREVIEWING and not part.media else None
    return Rendering(text, shown[:MAX_SPOILERS], link, tuple(_notes(text, marks, shown, link, rules.network)))


def clipped_marks(marks: Iterable[Mark], start: int, length: int) -> tuple[Mark, ...]:
    """Return the marks on ``length`` code points from ``start``: cut to fit, sorted, overlaps of one kind merged."""
    merged: list[Mark] = []
    for mark in sorted(marks, key=lambda mark: (mark.kind, mark.value or "", mark.start)):
        first, last = max(mark.start - start, 0), min(mark.end - start, length)
        if first >= last:
            continue
        before = merged[-1] if merged else None
        if before and (before.kind, before.value) == (mark.kind, mark.value) and first <= before.end:
            merged[-1] = replace(before, end=max(before.end, last))
        else:
            merged.append(Mark(first, last, mark.kind, mark.value))
    return tuple(sorted(merged, key=lambda mark: (mark.start, mark.end, mark.kind)))


def published_parts(content: Content) -> tuple[tuple[int, Part], ...]:
    """Return the parts that are published with their index in ``content``: empty ones are left out."""
    return tuple((index, part) for index, part in enumerate(content.parts) if not part.is_empty)


def published_format(
    content: Content, post_format: PostFormat, rules: NetworkRules, assets: Mapping[AssetId, Asset]
) -> PostFormat:
    """Return the format a post really takes: many media are a carousel, a lone video is a reel, where that is so.

    Chains of parts stay a feed post, since their parts differ.
    """
    parts = published_parts(content)
    if post_format is not PostFormat.FEED or len(parts) != 1:
        return post_format
    kinds = [assets[use.asset_id].kind for use in parts[0][1].media if use.asset_id in assets]
    if len(kinds) > 1 and PostFormat.CAROUSEL in rules.formats:
        return PostFormat.CAROUSEL
    if kinds == [MediaKind.VIDEO] and rules.single_video_is_reel:
        return PostFormat.REEL
    return post_format


def asset_ids(content: Content) -> tuple[AssetId, ...]:
    """Return the assets a content needs, covers included."""
    uses = [use for part in content.parts for use in part.media]
    return tuple(dict.fromkeys([use.asset_id for use in uses] + [use.cover_id for use in uses if use.cover_id]))


def render_payload(
    content: Content,
    post_format: PostFormat,
    rules: NetworkRules,
    assets: Mapping[AssetId, Asset],
    options: NetworkOptions | None = None,
) -> Payload:
    """Return what is sent; ``NotFound`` when a picture is not in ``assets``. It does not check the rules."""
    return Payload(
        network=rules.network,
        format=published_format(content, post_format, rules, assets),
        parts=tuple(_payload_part(part, rules, assets) for _, part in published_parts(content)),
        options=options if isinstance(options, _OPTIONS[rules.network]) else None,
    )


def _payload_part(part: Part, rules: NetworkRules, assets: Mapping[AssetId, Asset]) -> PayloadPart:
    rendering = render(part, rules)
    media = tuple(_payload_media(use, assets) for use in part.media)
    options = part.options if rules.network is Network.THREADS else NO_PART_OPTIONS
    return PayloadPart(rendering.text, rendering.marks, media, rendering.link, options)


def _payload_media(use: MediaUse, assets: Mapping[AssetId, Asset]) -> PayloadMedia:
    asset = _asset(use.asset_id, assets)
    alt_text = use.alt_text.strip()
    cover = None if use.cover_id is None else _payload_media(MediaUse(use.cover_id), assets)
    return PayloadMedia(asset.id, asset.kind, asset.mime_type, asset.sha256, alt_text, use.tags, cover, use.cover_at)


def _asset(asset_id: AssetId, assets: Mapping[AssetId, Asset]) -> Asset:
    asset = assets.get(asset_id)
    if asset is None:
        raise NotFound(noun="asset", id=asset_id)
    return asset


def _link(text: str, marks: tuple[Mark, ...]) -> str | None:
    """Return the first address, be it written out or behind a linked word."""
    places = [(text.find(address), address) for address in addresses(text) if address.lower().startswith("http")]
    places += [(mark.start, mark.value or "") for mark in marks if _is_address(mark)]
    return min(places)[1] if places else None


def _is_address(mark: Mark) -> bool:
    return mark.kind is MarkKind.LINK and (mark.value or "").lower().startswith(("http://", "https://"))


def _notes(
    text: str, marks: tuple[Mark, ...], shown: tuple[Mark, ...], link: str | None, network: Network
) -> Iterable[RenderNote]:
    lost = dict.fromkeys(mark.kind for mark in marks if mark not in shown and mark.kind in _STYLES)
    for kind in lost:
        yield RenderNote(
            "style_lost", tr("{style} is not shown on {network}.", style=tr(_STYLES[kind]), network=network.label)
        )
    if len(shown) > MAX_SPOILERS:
        message = tr("{network} hides only the first {limit} spoilers.", network=network.label, limit=MAX_SPOILERS)
        yield RenderNote("spoilers_shown", message)
    for mark in marks:
        words = text[mark.start : mark.end]
        if mark.kind is MarkKind.LINK and mark.value and mark.value != link and mark.value not in addresses(text):
            message = tr("The address behind “{words}” is lost on {network}.", words=words, network=network.label)
            yield RenderNote("address_lost", message)
        if mark.kind is MarkKind.MENTION and network is Network.FACEBOOK:
            yield RenderNote("mention_lost", tr("“{words}” stays plain text on Facebook.", words=words))
