"""What a look into the files adds to the check of a post."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from desktop.domain.media import Asset, AudioDetails, ImageDetails, VideoDetails
from desktop.domain.networks import Network, PostFormat
from desktop.files.network_rules import load_rules
from desktop.services.drafting.findings import Finding, Fix, Severity
from desktop.services.drafting.media_checks import check_media
from desktop.services.media.breaches import breaches
from desktop.services.media.planning import plan
from tests.support.drafts import a_part, a_video, an_image

RULES = load_rules()
FILM = VideoDetails("h264", audio=AudioDetails("aac", 48_000, 2))


def found(network: Network, *assets: Asset, post_format: PostFormat = PostFormat.FEED) -> list[Finding]:
    part = a_part("x", *assets)
    return list(check_media(part, post_format, RULES[network], {asset.id: asset for asset in assets}))


def film(**details: Any) -> Asset:
    return replace(a_video(), details=replace(FILM, **details))


@pytest.mark.parametrize(
    ("details", "code", "message"),
    [
        ({"codec": "av1"}, "video_codec", "“v.mp4” has the codec AV1; Instagram takes H.264, HEVC."),
        ({"pixel_format": "yuv422p10le"}, "video_pixels", "“v.mp4” has the pixels yuv422p10le; Instagram takes 4:2:0."),
        ({"frame_rate": 12.5}, "video_frame_rate", "“v.mp4” has 12.5 frames a second; Instagram takes 23 to 60."),
        ({"is_interlaced": True}, "video_interlaced", "“v.mp4” has interlaced frames; Instagram takes whole frames."),
        (
            {"is_moov_first": False},
            "video_moov_last",
            "“v.mp4” has its header at the end; Instagram takes videos with the header in front.",
        ),
        (
            {"audio": AudioDetails("aac", 48_000, 6)},
            "video_audio_channels",
            "“v.mp4” has sound of 6 channels; Instagram takes at most 2.",
        ),
        (
            {"audio": AudioDetails("aac", 96_000, 2)},
            "video_audio_rate",
            "“v.mp4” has sound of 96 kHz; Instagram takes at most 48 kHz.",
        ),
        (
            {"audio": AudioDetails("mp3", 48_000, 2)},
            "video_audio_codec",
            "“v.mp4” has sound in MP3; Instagram takes AAC.",
        ),
    ],
)
def test_what_probing_finds_blocks_and_has_one_button(details: dict[str, Any], code: str, message: str) -> None:
    asset = film(**details)
    (finding,) = found(Network.INSTAGRAM, asset, post_format=PostFormat.REEL)
    assert (finding.code, finding.severity, finding.media, finding.fix) == (code, Severity.BLOCK, 0, Fix.FIT_MEDIA)
    assert finding.message == message
    (repair,) = finding.repairs
    assert plan(asset, repair.limits, repair.choice).steps


def test_without_an_encoder_only_copying_is_offered() -> None:
    (late,) = found(Network.THREADS, film(is_moov_first=False, can_encode=False))
    assert late.fix is Fix.FIT_MEDIA
    (slow,) = found(Network.THREADS, film(frame_rate=10.0, can_encode=False))
    assert (slow.fix, slow.repairs) == (Fix.REPLACE_MEDIA, ())
    (damaged,) = found(Network.THREADS, film(codec=""))
    assert (damaged.code, damaged.fix) == ("video_damaged", Fix.REPLACE_MEDIA)


def test_a_film_that_is_too_long_may_be_shortened() -> None:
    long = replace(film(), duration=RULES[Network.THREADS].video.max_duration * 2)
    (finding,) = found(Network.THREADS, long)
    assert (finding.code, finding.fix) == ("video_duration", Fix.TRIM_MEDIA)
    assert finding.repairs[0].choice.is_trimmed


def test_a_page_reel_is_upright() -> None:
    wide = replace(film(), width=1280, height=720)
    findings = found(Network.FACEBOOK, wide, post_format=PostFormat.REEL)
    assert [(finding.code, [repair.fix for repair in finding.repairs]) for finding in findings] == [
        ("media_shape", [Fix.CROP_MEDIA, Fix.PAD_MEDIA])
    ]
    assert found(Network.FACEBOOK, wide) == []


@pytest.mark.parametrize(
    ("asset", "post_format", "code", "fixes"),
    [
        (film(has_edits=True), PostFormat.REEL, "video_edits", [Fix.FIT_MEDIA]),
        (film(is_fragmented=True), PostFormat.REEL, "video_fragmented", [Fix.FIT_MEDIA]),
        (film(is_hdr=True), PostFormat.REEL, "video_hdr", []),
        (an_image(), PostFormat.STORY, "media_advised_shape", [Fix.CROP_MEDIA, Fix.PAD_MEDIA]),
        (
            replace(an_image(), details=ImageDetails(is_srgb=False, colours="Display P3")),
            PostFormat.FEED,
            "media_colours",
            [Fix.FIT_MEDIA],
        ),
    ],
)
def test_advice_never_blocks(asset: Asset, post_format: PostFormat, code: str, fixes: list[Fix]) -> None:
    (finding,) = found(Network.INSTAGRAM, asset, post_format=post_format)
    assert (finding.code, finding.severity, [repair.fix for repair in finding.repairs]) == (code, Severity.WARN, fixes)
    for repair in finding.repairs:
        assert plan(asset, repair.limits, repair.choice).steps


def test_what_a_carousel_cuts_off_is_said_before() -> None:
    first, same, wide = an_image("a"), an_image("b", width=900, height=900), an_image("c", width=1200, height=800)
    (finding,) = found(Network.INSTAGRAM, first, same, wide, post_format=PostFormat.CAROUSEL)
    assert (finding.code, finding.severity, finding.media) == ("carousel_cropped", Severity.WARN, 2)
    assert finding.message == "“c.jpg” has the shape 1.50:1; Instagram cuts it to 1:1, the shape of the first."
    for repair, size in zip(finding.repairs, [(800, 800), (1200, 1200)], strict=True):
        canvas = plan(wide, repair.limits, repair.choice).layout.canvas
        assert (canvas.width, canvas.height) == size
        assert breaches(replace(wide, width=canvas.width, height=canvas.height), repair.limits) == ()
    assert found(Network.THREADS, first, same, wide, post_format=PostFormat.CAROUSEL) == []
