from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.networks import CountUnit, Network
from desktop.files.network_rules import load_rules
from desktop.services.drafting.counting import overflow_index, text_length

RULES = load_rules()
THREADS = RULES[Network.THREADS]
BYTES = CountUnit.CODE_POINTS_EMOJI_BYTES
EMOJI = ["😀", "👨‍👩‍👧", "🇳🇴", "1️⃣", "☝🏽", "❤️", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "👁‍🗨"]
texts = st.lists(
    st.sampled_from([*EMOJI, "a", "é", "e\u0301", "न", "\n", " ", "ß", "®"]) | st.characters(), max_size=60
)


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", 0),
        ("hello", 5),
        ("Åse på øya", 10),
        ("नमस्ते", 6),
        ("𝗯𝗼𝗹𝗱", 4),
        ("😀", 4),
        ("👨‍👩‍👧", 18),
        ("👨‍👩‍👧‍👦", 25),
        ("🇳🇴", 8),
        ("1️⃣", 7),
        ("123#*", 5),
        ("☝🏽", 7),
        ("❤️", 6),
        ("❤", 1),
        ("©", 1),
        ("e\u0301", 2),
        ("a😀b", 6),
        ("  padded\n", 6),
    ],
)
def test_threads_counts_emoji_as_their_bytes(text: str, length: int) -> None:
    assert text_length(text, BYTES) == length


def test_other_networks_count_code_points() -> None:
    assert text_length("a👨‍👩‍👧b", CountUnit.CODE_POINTS) == 7


@pytest.mark.parametrize("emoji", EMOJI)
def test_an_emoji_between_words_adds_its_bytes(emoji: str) -> None:
    assert text_length(f"before {emoji} after", BYTES) == 13 + len(emoji.encode())


def test_one_family_too_many_overflows_before_the_family() -> None:
    text = "x" * 485 + "👨‍👩‍👧"
    assert text_length(text, BYTES) == 503
    assert overflow_index(text, THREADS) == 485


def test_the_index_is_in_the_text_as_typed() -> None:
    assert overflow_index("\n\n" + "x" * 500, THREADS) is None
    assert overflow_index("\n\n" + "x" * 501 + "  ", THREADS) == 502


@given(texts.map("".join), st.integers(1, 80), st.sampled_from(CountUnit))
def test_what_lies_before_the_overflow_fits_and_one_more_character_does_not(
    text: str, limit: int, unit: CountUnit
) -> None:
    rules = replace(THREADS, max_text=limit, count_unit=unit)
    index = overflow_index(text, rules)
    assert (index is None) == (text_length(text, unit) <= limit)
    if index is not None:
        assert text_length(text[:index], unit) <= limit
        assert text_length(text, unit) > limit


@given(texts.map("".join))
def test_the_figure_lies_between_code_points_and_bytes(text: str) -> None:
    shown = text.strip()
    assert len(shown) <= text_length(text, BYTES) <= len(shown.encode())
