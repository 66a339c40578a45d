from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.errors import NotFound
from desktop.domain.networks import Network, PostFormat
from desktop.domain.posts import Content, Mark, MarkKind, Part
from desktop.files.network_rules import load_rules
from desktop.services.drafting.rendering import clipped_marks, published_parts, render, render_payload
from tests.support.drafts import a_content, a_part, a_video, an_image

RULES = load_rules()
THREADS, INSTAGRAM, FACEBOOK = (RULES[network] for network in Network)
SPOILER, BOLD, LINK, MENTION = MarkKind.SPOILER, MarkKind.BOLD, MarkKind.LINK, MarkKind.MENTION


def codes(part: Part, rules: object) -> list[str]:
    return [note.code for note in render(part, rules).warnings]  # type: ignore[arg-type]


def test_surrounding_white_space_is_not_sent_and_marks_move_with_the_text() -> None:
    part = Part("\n  the end \n", (Mark(7, 10, SPOILER), Mark(0, 5, SPOILER)))
    rendering = render(part, THREADS)
    assert rendering.text == "the end"
    assert rendering.marks == (Mark(0, 2, SPOILER), Mark(4, 7, SPOILER))


@pytest.mark.parametrize(
    ("marks", "clipped"),
    [
        ([Mark(-5, 99, BOLD)], [Mark(0, 10, BOLD)]),
        ([Mark(4, 4, BOLD), Mark(12, 14, BOLD), Mark(8, 3, BOLD)], []),
        ([Mark(0, 4, BOLD), Mark(3, 6, BOLD), Mark(6, 7, BOLD)], [Mark(0, 7, BOLD)]),
        ([Mark(0, 4, BOLD), Mark(3, 6, SPOILER)], [Mark(0, 4, BOLD), Mark(3, 6, SPOILER)]),
        ([Mark(0, 2, LINK, "https://a.b"), Mark(2, 4, LINK, "https://c.d")],) * 2,
    ],
)
def test_marks_are_cut_to_the_text_and_joined(marks: list[Mark], clipped: list[Mark]) -> None:
    assert list(clipped_marks(marks, 0, 10)) == clipped


@given(
    st.lists(st.builds(Mark, st.integers(-5, 60), st.integers(-5, 60), st.sampled_from([BOLD, SPOILER])), max_size=12),
    st.text(max_size=40),
)
def test_marks_always_lie_in_the_text_and_never_overlap_their_own_kind(marks: list[Mark], text: str) -> None:
    rendering = render(Part(text, tuple(marks)), THREADS)
    ends: dict[MarkKind, int] = {}
    for mark in rendering.marks:
        assert ends.get(mark.kind, 0) <= mark.start < mark.end <= len(rendering.text)
        ends[mark.kind] = mark.end


def test_styles_a_network_lacks_are_named_once_each() -> None:
    part = Part("bold and more", (Mark(0, 4, BOLD), Mark(9, 13, BOLD), Mark(5, 8, SPOILER)))
    assert [note.message for note in render(part, THREADS).warnings] == ["Bold is not shown on Threads."]
    assert codes(part, INSTAGRAM) == ["style_lost", "style_lost"]
    assert render(part, INSTAGRAM).marks == ()


def test_the_eleventh_spoiler_is_said_to_be_shown() -> None:
    part = Part("x " * 11, tuple(Mark(i * 2, i * 2 + 1, SPOILER) for i in range(11)))
    assert len(render(part, THREADS).marks) == 10
    assert codes(part, THREADS) == ["spoilers_shown"]


def test_the_first_address_becomes_the_card_where_nothing_else_is_shown() -> None:
    part = Part("our site, or https://b.example", (Mark(4, 8, LINK, "https://a.example"),))
    assert render(part, THREADS).link == render(part, FACEBOOK).link == "https://a.example"
    assert render(part, INSTAGRAM).link is None
    assert render(a_part("https://b.example", an_image()), FACEBOOK).link is None
    assert render(Part("x", (Mark(0, 1, LINK, "javascript:alert(1)"),)), FACEBOOK).link is None


def test_an_address_behind_a_word_is_said_to_be_lost_unless_it_is_the_card() -> None:
    part = Part("one two", (Mark(0, 3, LINK, "https://a.example"), Mark(4, 7, LINK, "https://b.example")))
    assert [n.message for n in render(part, THREADS).warnings] == ["The address behind “two” is lost on Threads."]
    assert codes(part, INSTAGRAM) == ["address_lost", "address_lost"]


def test_a_mention_notifies_nobody_on_facebook() -> None:
    part = Part("hi @mara", (Mark(3, 8, MENTION, "17"),))
    assert codes(part, FACEBOOK) == ["mention_lost"]
    assert codes(part, THREADS) == []


def test_empty_parts_are_left_out_but_keep_their_place() -> None:
    assert [index for index, _ in published_parts(a_content("", "one", "  ", "two"))] == [1, 3]


@pytest.mark.parametrize(
    ("rules", "assets", "chosen", "published"),
    [
        (INSTAGRAM, [an_image()], PostFormat.FEED, PostFormat.FEED),
        (INSTAGRAM, [an_image("a"), an_image("b")], PostFormat.FEED, PostFormat.CAROUSEL),
        (INSTAGRAM, [a_video()], PostFormat.FEED, PostFormat.REEL),
        (THREADS, [a_video()], PostFormat.FEED, PostFormat.FEED),
        (FACEBOOK, [an_image("a"), an_image("b")], PostFormat.FEED, PostFormat.FEED),
        (INSTAGRAM, [an_image()], PostFormat.STORY, PostFormat.STORY),
    ],
)
def test_the_format_follows_the_media_where_it_must(rules, assets, chosen, published) -> None:
    content = Content((a_part("x", *assets),))
    payload = render_payload(content, chosen, rules, {asset.id: asset for asset in assets})
    assert payload.format is published


def test_a_chain_keeps_order_text_and_alt_text() -> None:
    image = an_image()
    content = Content((Part("one"), Part(" "), a_part("two", image, alt=" a cat ")))
    payload = render_payload(content, PostFormat.FEED, THREADS, {image.id: image})
    assert [part.text for part in payload.parts] == ["one", "two"]
    assert [(m.alt_text, m.sha256, m.mime_type) for m in payload.parts[1].media] == [
        ("a cat", image.sha256, "image/jpeg")
    ]
    assert payload.format is PostFormat.FEED


def test_media_that_is_gone_is_refused() -> None:
    with pytest.raises(NotFound):
        render_payload(Content((a_part("x", an_image()),)), PostFormat.FEED, THREADS, {})
