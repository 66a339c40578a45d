from __future__ import annotations

import math
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from desktop.domain.networks import CountUnit, Network, PostFormat
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
