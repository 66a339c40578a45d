from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.sandbox.text_rules import first_topic, hashtags, links, mentions, threads_length


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", 0),
        ("plain", 5),
        ("Ünïcode", 7),
        ("e\N{COMBINING ACUTE ACCENT}", 2),
        ("日本語", 3),
        ("🎉", 4),
        ("❤️", 6),
        ("©", 1),
        ("1", 1),
        ("1️⃣", 7),
        ("🇳🇴", 8),
        ("👍🏽", 8),
        ("👨‍👩‍👧‍👦", 25),
        ("a👨‍👩‍👧‍👦b", 27),
    ],
)
def test_threads_counts_emoji_in_bytes(text, length):
    assert threads_length(text) == length


@given(st.text(), st.text())
def test_threads_counts_no_less_than_code_points_and_no_more_than_bytes(left, right):
    text = left + " " + right
    assert len(text) <= threads_length(text) <= len(text.encode("utf-8", "surrogatepass"))


def test_links_are_distinct_and_end_before_punctuation():
    text = "See https://a.example/x, http://b.example. HTTPS://A.example/y (https://a.example/x) and c.example"
    assert links(text) == {"https://a.example/x", "http://b.example", "HTTPS://A.example/y"}


def test_hashtags_and_mentions():
    assert hashtags("#one two#three #四 &#38; #five,#six") == ["#one", "#四", "#five", "#six"]
    assert mentions("@one mail@two.example @three.four, @five") == ["@one", "@three.four,"[:-1], "@five"]


@pytest.mark.parametrize(
    ("text", "topic"),
    [("#1 #two #three", "two"), ("a #b.c", "b"), ("none", ""), ("x#y", ""), ("#ä!", "ä"), ("#12a", "12a")],
)
def test_the_first_valid_tag_is_the_topic(text, topic):
    assert first_topic(text) == topic
