"""Positions, counting, pasting and the pure steps on parts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QImage

from desktop.domain.networks import CountUnit, Network
from desktop.domain.posts import Content, Mark, MarkKind, MediaUse, Part
from desktop.files.network_rules import load_rules
from desktop.gui.pages.composer import editing
from desktop.gui.pages.composer.history import Detour, History, Step
from desktop.gui.pages.composer.offsets import from_utf16, to_utf16
from desktop.gui.pages.composer.pasting import cleaned, html_to_text, read_mime
from desktop.gui.pages.composer.text_rules import count_text, entity_spans, length
from desktop.services.drafting.counting import overflow_index, text_length
from tests.support.drafts import a_content, an_image

FAMILY = "👨‍👩‍👧‍👦"
TEXTS = st.lists(
    st.sampled_from(["a", "é", " ", "\n", "😀", FAMILY, "🇳🇴", "1️⃣", "#", "@", "\u3000", "中", "⚡", "x y"])
).map("".join)
RULES = load_rules()


@given(TEXTS, st.data())
def test_positions_survive_the_border_both_ways(text: str, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(text)))
    assert from_utf16(text, to_utf16(text, index)) == index


def test_an_emoji_is_two_units_and_one_code_point() -> None:
    assert to_utf16("a😀b", 2) == 3
    assert from_utf16("a😀b", 3) == 2
    assert from_utf16("a😀b", 2) == 1


@given(TEXTS, st.sampled_from(list(CountUnit)))
def test_counting_by_lines_is_counting(text: str, unit: CountUnit) -> None:
    assert length(text, unit) == text_length(text, unit)


@given(TEXTS.map(lambda text: text * 30))
def test_the_overflow_begins_where_the_service_says(text: str) -> None:
    rules = RULES[Network.THREADS]
    assert count_text(text, (rules,)).overflow == overflow_index(text, rules)


def test_the_count_is_that_of_the_network_with_the_least_room() -> None:
    rules = tuple(RULES.values())
    assert count_text("", rules).network == "Threads"
    count = count_text("x" * 498 + FAMILY, rules)
    assert (count.network, count.used, count.limit, count.overflow) == ("Threads", 523, 500, 498)
    assert count_text("hello", ()).limit == 0


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Thanks @kilnclub for #handmade!", ["@kilnclub", "#handmade"]),
        ("see (https://a.example/x_(y)), www.b.example.", ["https://a.example/x_(y)", "www.b.example"]),
        ("mara@pine.example is not a mention", []),
        ("😀 @a", ["@a"]),
    ],
)
def test_what_is_coloured(text: str, found: list[str]) -> None:
    assert [text[start:end] for start, end in entity_spans(text)] == found


def test_marks_move_with_their_words() -> None:
    part = Part("one TWO three", (Mark(4, 7, MarkKind.SPOILER),))
    assert editing.retyped(part, "one and TWO three").marks == (Mark(8, 11, MarkKind.SPOILER),)
    assert editing.retyped(part, "one three").marks == ()


def test_splitting_and_merging() -> None:
    use = MediaUse(an_image().id)
    content = Content((Part("first half second", (Mark(11, 17, MarkKind.SPOILER),), (use,)),))
    halves = editing.split(content, 0, 10)
    assert [part.text for part in halves.parts] == ["first half", "second"]
    assert halves.parts[1].marks == (Mark(0, 6, MarkKind.SPOILER),)
    assert halves.parts[0].media == (use,)
    whole, position = editing.merged(halves, 0)
    assert whole.parts[0].text == "first half\n\nsecond"
    assert whole.parts[0].marks == (Mark(12, 18, MarkKind.SPOILER),)
    assert position == 12
    assert editing.joined(a_content("a", "b", "c")) == a_content("a\n\nb\n\nc")


def test_splitting_what_is_too_long_cuts_between_words_until_all_fits() -> None:
    rules = RULES[Network.THREADS]
    text = "Sentences of a few words each. " * 50 + FAMILY * 15
    parts = editing.split_to_fit(Content((Part(text.strip()),)), 0, rules).parts
    assert all(count_text(part.text, (rules,)).overflow is None for part in parts)
    assert "".join(part.text for part in parts).replace(" ", "") == text.replace(" ", "")
    assert parts[0].text.endswith("each.")


def test_a_picture_moves_inside_its_part_and_to_another() -> None:
    a, b, c = (MediaUse(an_image(name).id) for name in "abc")
    content = Content((Part("x", media=(a, b, c)), Part("y")))
    assert editing.with_picture_moved(content, 0, 0, 0, 3).parts[0].media == (b, c, a)
    assert editing.with_picture_moved(content, 0, 2, 0, 0).parts[0].media == (c, a, b)
    moved = editing.with_picture_moved(content, 0, 1, 1, 0)
    assert (moved.parts[0].media, moved.parts[1].media) == ((a, c), (b,))


def test_html_keeps_paragraphs_and_points() -> None:
    html = "<style>p{}</style><p>One <b>bold</b>\n word</p><ul><li>a</li><li>b &amp; c</li></ul><p>End<br>of it</p>"
    assert html_to_text(html) == "One bold word\n\n- a\n- b & c\n\nEnd\nof it"


def test_invisible_characters_go_and_emoji_joiners_stay() -> None:
    assert cleaned(f"a\u200bb\ufeff\r\nc\x07{FAMILY}") == f"ab\nc{FAMILY}"


def test_files_come_before_pictures_and_pictures_before_text(tmp_path: object) -> None:
    data = QMimeData()
    data.setText("words")
    assert read_mime(data).text == "words"
    data.setImageData(QImage(2, 2, QImage.Format.Format_RGB32))
    assert read_mime(data).image is not None
    data.setUrls([QUrl.fromLocalFile("/some/picture.jpg")])
    assert [path.name for path in read_mime(data).files] == ["picture.jpg"]


def test_history_joins_quick_steps_and_walks_both_ways() -> None:
    shown: list[int] = []
    history: History[int] = History(shown.append)
    for number in range(3):
        history.push(Step(number, number + 1, "typing", number * 0.1))
    history.push(Step(3, 4, "typing", 60.0))
    assert history.undo()
    assert history.undo()
    assert not history.undo()
    assert history.redo()
    assert shown == [3, 0, 3]


def test_history_steps_over_what_was_undone_elsewhere() -> None:
    shown: list[int] = []
    history: History[int] = History(shown.append)
    history.push(Step(0, 1))
    history.push(Detour(undo=lambda: False, redo=lambda: True))
    assert history.undo()
    assert shown == [0]
