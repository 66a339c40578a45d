from __future__ import annotations

import math
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from desktop.domain.networks import CountUnit, ImageRules, MediaPurpose, Network, PostFormat, VideoRules
from desktop.files.network_rules import NetworkRulesInvalid, load_rules
from desktop.kit.resources import resource_path


def test_every_network_has_rules_that_make_sense() -> None:
    rules = load_rules()
    assert set(rules) == set(Network)
    for network, found in rules.items():
        assert found.network is network
        assert PostFormat.FEED in found.formats
        assert found.max_text > 0
        assert found.max_parts > 0
        assert 1 < found.min_carousel <= found.max_media
        assert found.image.min_ratio < 1 < found.image.max_ratio
        assert found.image.min_width < found.image.max_width
        assert found.video.min_duration <= found.video.max_duration


def test_the_figures_are_those_of_the_networks() -> None:
    rules = load_rules()
    threads, instagram, facebook = (rules[network] for network in Network)
    assert (threads.max_text, threads.count_unit, threads.max_links) == (500, CountUnit.CODE_POINTS_EMOJI_BYTES, 5)
    assert (threads.max_media, threads.video.max_duration) == (20, timedelta(minutes=5))
    assert (instagram.max_text, instagram.max_hashtags, instagram.max_mentions) == (2200, 30, 20)
    assert (instagram.max_media, instagram.needs_media, instagram.max_parts) == (10, True, 1)
    assert (instagram.image.mime_types, instagram.image.max_bytes) == (("image/jpeg",), 8_000_000)
    assert (facebook.max_text, facebook.max_links, facebook.image.max_ratio) == (63_206, None, math.inf)


def test_every_purpose_has_limits_that_make_sense() -> None:
    for rules in load_rules().values():
        for purpose in MediaPurpose:
            limits = rules.limits(purpose)
            assert isinstance(limits, ImageRules if "image" in purpose or purpose == "cover" else VideoRules)
            assert 0 <= limits.min_ratio <= limits.max_ratio
            assert 0 < limits.min_width <= limits.max_width
            assert limits.max_bytes > 0
            if isinstance(limits, VideoRules):
                assert limits.min_duration < limits.max_duration
                assert limits.min_frame_rate < limits.max_frame_rate
                assert "h264" in limits.codecs
                assert "aac" in limits.audio_codecs


def test_purposes_differ_where_the_networks_say_so() -> None:
    threads, instagram, facebook = (load_rules()[network] for network in Network)
    story, reel = instagram.limits(MediaPurpose.STORY_VIDEO), instagram.limits(MediaPurpose.REEL)
    page_reel, page_film = facebook.limits(MediaPurpose.REEL), facebook.limits(MediaPurpose.VIDEO)
    for limits in (story, reel, page_reel, page_film):
        assert isinstance(limits, VideoRules)
    assert (story.max_bytes, story.min_ratio, reel.max_bytes) == (100_000_000, 0.1, 300_000_000)
    assert isinstance(story, VideoRules)
    assert isinstance(page_reel, VideoRules)
    assert (story.max_duration, page_reel.max_duration) == (timedelta(seconds=60), timedelta(seconds=90))
    assert (page_reel.min_ratio, page_reel.max_ratio, page_reel.min_width) == (0.5625, 0.5625, 540)
    assert (instagram.crops_carousel, instagram.single_video_is_reel) == (True, True)
    assert (facebook.single_video_is_reel, threads.crops_carousel) == (False, False)
    assert threads.limits(MediaPurpose.STORY_IMAGE) == threads.image


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            '[story_video]\nlike = "video"',
            '[story_video]\nlike = "film"',
            "story_video.like must be 'image' or 'video'",
        ),
        ("[story_video.max_bytes]", "[story_video.most_bytes]", "story_video.most_bytes is not a figure we know"),
        (
            "[reel.advised_ratio]\nvalue = 0.5625",
            "[reel.advised_ratio]\nvalue = 'x'",
            "reel.advised_ratio has the wrong",
        ),
        ("[crops_carousel]\nvalue = true", "[crops_carousel]\nvalue = 1", "crops_carousel has the wrong kind"),
    ],
)
def test_a_broken_purpose_names_the_figure(tmp_path: Path, old: str, new: str, message: str) -> None:
    for network in Network:
        shutil.copy(resource_path("networks", f"{network}.toml"), tmp_path)
    path = tmp_path / "instagram.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(NetworkRulesInvalid) as broken:
        load_rules(tmp_path)
    assert message in str(broken.value)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("[max_text]\nvalue = 500", "[max_text]\nvalue = '500'", "threads.toml: max_text has the wrong kind"),
        ("[max_text]\nvalue = 500", "[max_text]\nvalue = -1", "max_text must not be negative"),
        ("[max_text]\nvalue = 500", "[max_text]\nvalue = true", "max_text has the wrong kind"),
        ("[max_text]", "[max_texts]", "max_text is missing"),
        ("[max_hashtags]", "[max_hashtag]\nsource = 'x'\n[max_hashtags]", "max_hashtag is not a figure we know"),
        ('value = ["feed", "carousel"]', 'value = ["feed", "scroll"]', "formats has an unknown word: 'scroll'"),
        ('source = "Threads API, create container: text"', "", "max_text names no source"),
        ('network = "threads"', 'network = "facebook"', "network must be 'threads'"),
        ("checked_on = 2026-11-22", "checked_on = 'yesterday'", "checked_on must be a date"),
        ("[image.min_ratio]\nvalue = 0.1", "[image.min_ratio]\nvalue = 'x'", "image.min_ratio has the wrong kind"),
        ("[image.min_ratio]", "[image.ratio]", "image.min_ratio is missing"),
        ("[max_text]", "[max_text", "threads.toml: "),
    ],
)
def test_a_broken_file_names_the_figure(tmp_path: Path, old: str, new: str, message: str) -> None:
    for network in Network:
        shutil.copy(resource_path("networks", f"{network}.toml"), tmp_path)
    path = tmp_path / "threads.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(NetworkRulesInvalid) as broken:
        load_rules(tmp_path)
    assert message in str(broken.value)


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        load_rules(tmp_path)
