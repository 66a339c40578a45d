from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.media import Asset, AudioDetails, MediaKind, VideoDetails
from desktop.domain.networks import ImageRules, MediaPurpose, Network, PostFormat, VideoRules
from desktop.files.network_rules import load_rules
from desktop.services.media.breaches import breaches
from desktop.services.media.planning import plan
from desktop.services.media.plans import FitChoice, Framing, ImagePlan, MediaNotFittable, Size, StepKind, VideoPlan
from tests.support.drafts import a_video, an_image

RULES = load_rules()
CROP, PAD = FitChoice(Framing.CROP), FitChoice(Framing.PAD)


def video_rules(network: Network, purpose: MediaPurpose) -> VideoRules:
    limits = RULES[network].limits(purpose)
    assert isinstance(limits, VideoRules)
    return limits


REEL = video_rules(Network.INSTAGRAM, MediaPurpose.REEL)
PAGE_REEL = video_rules(Network.FACEBOOK, MediaPurpose.REEL)
FEED = RULES[Network.INSTAGRAM].image


def a_film(**changes: Any) -> Asset:
    known = {field: changes.pop(field) for field in list(changes) if field not in Asset.__slots__}
    details = VideoDetails(**{"codec": "h264", "audio": AudioDetails("aac", 48_000, 2)} | known)
    return replace(a_video(**{"size_bytes": 2_000_000} | changes), details=details)


def words(asset: Asset, limits: ImageRules | VideoRules, choice: FitChoice | None = None) -> list[str]:
    return [step.words for step in plan(asset, limits, choice).steps]


def test_a_picture_that_fits_needs_nothing() -> None:
    for asset, limits in ((an_image(), FEED), (a_film(), REEL), (an_image(width=1080, height=1351), FEED)):
        assert plan(asset, limits).steps == plan(asset, limits, CROP).steps == ()


def test_the_steps_of_a_picture_name_both_figures() -> None:
    asset = an_image(width=4000, height=3000, size_bytes=9_100_000, mime_type="image/heic")
    assert words(asset, FEED) == [
        "Reduce 9.1 MB to at most 8 MB",
        "Resize 4000 x 3000 to 1440 x 1080",
        "Save HEIC as JPEG",
    ]
    tall = an_image(width=1000, height=2000)
    assert words(tall, FEED, CROP) == ["Cut 1000 x 2000 to 1000 x 1250 (4:5)"]
    assert words(tall, FEED, PAD) == [
        "Resize 1000 x 2000 to 900 x 1800",
        "Add borders: 900 x 1800 becomes 1440 x 1800 (4:5)",
    ]


def test_borders_do_not_shrink_what_has_room() -> None:
    found = plan(an_image(width=500, height=1000), FEED, PAD)
    assert (found.layout.scaled, found.layout.canvas) == (Size(500, 1000), Size(800, 1000))


@pytest.mark.parametrize(
    ("focus", "corner"),
    [((0.5, 0.5), (0, 375)), ((0.5, 0.0), (0, 0)), ((0.5, 1.0), (0, 750)), ((0.0, 0.4), (0, 175))],
)
def test_the_crop_follows_the_focus(focus: tuple[float, float], corner: tuple[int, int]) -> None:
    found = plan(an_image(width=1000, height=2000), FEED, replace(CROP, focus=focus))
    assert (found.layout.left, found.layout.top) == corner
    assert found.layout.crop == Size(1000, 1250)


def test_the_steps_of_a_film_name_both_figures() -> None:
    asset = a_film(
        width=3840,
        height=2160,
        codec="hevc",
        frame_rate=120.0,
        duration=timedelta(seconds=95),
        audio=AudioDetails("ac3", 48_000, 6),
    )
    choice = replace(CROP, is_trimmed=True)
    assert words(asset, PAGE_REEL, choice) == [
        "Shorten 95.0 to 89.9 seconds",
        "Cut 3840 x 2160 to 1215 x 2160 (9:16)",
        "Resize 1215 x 2160 to 1206 x 2144",
        "Change 120 to 60 frames a second",
        "Encode HEVC again as H.264",
        "Encode the sound again: AC3, 48000 Hz, 6 channels becomes AAC, 48000 Hz, 2 channels",
    ]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"duration": timedelta(seconds=2)}, "only 2.0 seconds"),
        ({"duration": timedelta(seconds=1000)}, "may not be shortened"),
        ({"frame_rate": 10.0, "can_encode": False}, "no H.264 encoder"),
        ({"codec": ""}, "cannot be read"),
        ({"width": 20_000, "height": 1000}, "shape"),
        ({"size_bytes": 400_000_000, "duration": timedelta(seconds=899), "width": 100, "height": 100}, None),
    ],
)
def test_what_stands_in_the_way_is_said(changes: dict[str, Any], reason: str | None) -> None:
    if reason is None:
        assert plan(a_film(**changes), REEL).steps
        return
    with pytest.raises(MediaNotFittable) as refused:
        plan(a_film(**changes), REEL)
    assert reason in refused.value.title


def test_kinds_do_not_mix() -> None:
    with pytest.raises(MediaNotFittable, match="a video"):
        plan(a_film(), FEED)
    with pytest.raises(MediaNotFittable, match="a picture"):
        plan(an_image(), REEL)


def test_a_hopeless_size_is_refused_before_hours_of_work() -> None:
    long = a_film(duration=timedelta(hours=3), size_bytes=2_000_000_000)
    with pytest.raises(MediaNotFittable, match="too long for 100 MB"):
        plan(long, replace(REEL, max_duration=timedelta(hours=4), max_bytes=100_000_000))


def test_what_a_file_is_for() -> None:
    assert MediaPurpose.of(MediaKind.IMAGE, PostFormat.FEED) is MediaPurpose.IMAGE
    assert MediaPurpose.of(MediaKind.IMAGE, PostFormat.STORY) is MediaPurpose.STORY_IMAGE
    assert MediaPurpose.of(MediaKind.VIDEO, PostFormat.CAROUSEL) is MediaPurpose.CAROUSEL_VIDEO
    assert MediaPurpose.of(MediaKind.VIDEO, PostFormat.REEL) is MediaPurpose.REEL
    assert MediaPurpose.of(MediaKind.IMAGE, PostFormat.REEL) is MediaPurpose.IMAGE


def planned_film(asset: Asset, found: VideoPlan, limits: VideoRules) -> Asset:
    """Return what the writer promises to make: its own tests prove that it does."""
    details = asset.details
    assert isinstance(details, VideoDetails)
    is_new = found.bit_rate is not None
    duration = found.ends_at or asset.duration or timedelta()
    audio = found.audio and AudioDetails("aac", found.audio.sample_rate, found.audio.channels)
    size_bytes = int((found.bit_rate or 0) * duration.total_seconds() / 8) if is_new else asset.size_bytes
    return replace(
        asset,
        mime_type="video/mp4",
        duration=duration,
        width=found.layout.canvas.width,
        height=found.layout.canvas.height,
        size_bytes=min(size_bytes, limits.max_bytes),
        details=replace(
            details,
            codec="h264" if is_new else details.codec,
            pixel_format="yuv420p" if is_new else details.pixel_format,
            frame_rate=found.frame_rate or details.frame_rate,
            is_interlaced=details.is_interlaced and not is_new,
            audio=audio or details.audio,
            is_moov_first=True,
            is_fragmented=False,
        ),
    )


films = st.builds(
    a_film,
    width=st.integers(2, 5000),
    height=st.integers(2, 5000),
    duration=st.integers(1, 2000).map(lambda tenths: timedelta(seconds=tenths / 10)),
    size_bytes=st.integers(10_000, 900_000_000),
    codec=st.sampled_from(["h264", "hevc", "av1", "mpeg4"]),
    pixel_format=st.sampled_from(["yuv420p", "yuv422p10le"]),
    frame_rate=st.floats(1, 240),
    is_moov_first=st.booleans(),
    is_fragmented=st.booleans(),
    is_interlaced=st.booleans(),
)
limits_of_films = st.sampled_from(
    [
        limits
        for network in Network
        for purpose in MediaPurpose
        if isinstance(limits := RULES[network].limits(purpose), VideoRules)
    ]
)
choices = st.builds(FitChoice, framing=st.sampled_from(Framing), is_trimmed=st.booleans())


@given(films, limits_of_films, choices)
def test_whatever_is_planned_for_a_film_is_accepted_by_the_same_rules(
    film: Asset, limits: VideoRules, choice: FitChoice
) -> None:
    try:
        found = plan(film, limits, choice)
    except MediaNotFittable:
        assert breaches(film, limits)
        return
    assert isinstance(found, VideoPlan)
    planned = planned_film(film, found, limits) if found.steps else film
    assert breaches(planned, limits) == ()
    assert plan(planned, limits).steps == ()
    if found.bit_rate is not None:
        assert found.layout.canvas.width % 2 == found.layout.canvas.height % 2 == 0


@given(st.integers(1, 9000), st.integers(1, 9000), choices, st.sampled_from(Network), st.sampled_from(MediaPurpose))
def test_whatever_is_planned_for_a_picture_has_an_allowed_size(
    width: int, height: int, choice: FitChoice, network: Network, purpose: MediaPurpose
) -> None:
    limits = RULES[network].limits(purpose)
    if not isinstance(limits, ImageRules):
        return
    image = an_image(width=width, height=height)
    try:
        found = plan(image, limits, choice)
    except MediaNotFittable:
        assert breaches(image, limits)
        return
    assert isinstance(found, ImagePlan)
    canvas = found.layout.canvas
    planned = replace(image, width=canvas.width, height=canvas.height)
    assert breaches(planned if found.steps else image, limits) == ()
    if StepKind.PAD not in [step.kind for step in found.steps]:
        assert found.layout.scaled == canvas
