from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.accounts import AccountState
from desktop.domain.media import Asset
from desktop.domain.networks import Network, PostFormat
from desktop.domain.posts import Content, Mark, MarkKind, Part, Post, PostId, Variant
from desktop.files.network_rules import load_rules
from desktop.services.drafting.counting import overflow_index, text_length
from desktop.services.drafting.preflight import Finding, Fix, Severity, check_content, check_post
from desktop.services.drafting.rendering import render, render_payload
from tests.support.drafts import NOW, a_content, a_part, a_video, an_account, an_image

RULES = load_rules()
T, I, F = Network.THREADS, Network.INSTAGRAM, Network.FACEBOOK  # noqa: E741


def check(
    network: Network, content: Content, *assets: Asset, post_format: PostFormat = PostFormat.FEED
) -> tuple[Finding, ...]:
    return check_content(
        content, post_format, an_account(network), RULES[network], {asset.id: asset for asset in assets}
    )


def with_media(network: Network, *assets: Asset, text: str = "x", **options: Any) -> list[tuple[str, Severity]]:
    found = check(network, Content((a_part(text, *assets),)), *assets, **options)
    return [(finding.code, finding.severity) for finding in found]


def one(found: tuple[Finding, ...]) -> Finding:
    assert len(found) == 1, found
    return found[0]


def test_a_good_post_has_no_findings() -> None:
    assert check(T, a_content("Good morning")) == ()
    assert with_media(I, an_image()) == with_media(F, an_image("a"), an_image("b")) == with_media(T, a_video()) == []
    assert with_media(I, a_video()) == []


def test_a_family_emoji_too_many_is_named_with_both_figures() -> None:
    finding = one(check(T, a_content("fine", "x" * 485 + "👨‍👩‍👧")))
    assert finding.message == "503 of 500 characters on Threads."
    assert (finding.code, finding.severity, finding.part, finding.fix) == (
        "text_too_long",
        Severity.BLOCK,
        1,
        Fix.SPLIT_TEXT,
    )
    assert finding.account_id == an_account(T).id
    assert check(T, a_content("x" * 482 + "👨‍👩‍👧")) == ()


def test_networks_without_chains_offer_to_shorten_and_to_join() -> None:
    assert one(check(F, a_content("x" * 63_207))).fix is Fix.SHORTEN_TEXT
    finding = one(check(F, a_content("one", "two", "three")))
    assert finding.message.startswith("3 parts; Facebook takes 1.")
    assert (finding.code, finding.fix) == ("parts_too_many", Fix.JOIN_PARTS)
    assert check(F, a_content("one", ""))[0].severity is Severity.WARN


def test_nothing_to_publish() -> None:
    assert one(check(T, a_content("", "  \n"))).code == "post_empty"
    finding = one(check(T, a_content("one", "", "two")))
    assert (finding.code, finding.severity, finding.part) == ("part_empty", Severity.WARN, 1)


def test_an_account_that_cannot_publish_blocks() -> None:
    account = an_account(T, state=AccountState.RECONNECT)
    finding = one(check_content(a_content("x"), PostFormat.FEED, account, RULES[T], {}))
    assert (finding.code, finding.fix) == ("account_not_connected", Fix.RECONNECT_ACCOUNT)


@pytest.mark.parametrize(
    ("network", "changes", "code", "message"),
    [
        (I, {"mime_type": "image/png"}, "media_type", "“a.jpg” is PNG; Instagram takes JPEG."),
        (T, {"mime_type": "image/webp"}, "media_type", "“a.jpg” is WEBP; Threads takes JPEG, PNG."),
        (I, {"size_bytes": 9_000_000}, "media_too_large", "“a.jpg” has 9 MB; Instagram takes 8 MB."),
        (T, {"size_bytes": 8_000_001}, "media_too_large", "“a.jpg” has 8.1 MB; Threads takes 8 MB."),
        (F, {"size_bytes": 10_000_001}, "media_too_large", "“a.jpg” has 10.1 MB; Facebook takes 10 MB."),
        (I, {"width": 700}, "media_shape", "“a.jpg” has the shape 0.65:1; Instagram takes 0.8:1 to 1.91:1."),
        (I, {"height": 500}, "media_shape", "“a.jpg” has the shape 2.16:1; Instagram takes 0.8:1 to 1.91:1."),
        (
            I,
            {"width": 319, "height": 319},
            "media_width",
            "“a.jpg” has a width of 319 pixels; Instagram takes 320 to 1440 pixels.",
        ),
        (
            I,
            {"width": 1441, "height": 1441},
            "media_width",
            "“a.jpg” has a width of 1441 pixels; Instagram takes 320 to 1440 pixels.",
        ),
        (T, {"width": 10_800}, None, None),
        (T, {"width": 12_000}, "media_shape", "“a.jpg” has the shape 11.11:1; Threads takes 0.1:1 to 10:1."),
        (I, {"width": 1080, "height": 1351}, None, None),
    ],
)
def test_images(network: Network, changes: dict[str, Any], code: str | None, message: str | None) -> None:
    image = an_image(**changes)
    found = check(network, Content((a_part("x", image),)), image)
    assert [(finding.code, finding.message) for finding in found] == ([(code, message)] if code else [])
    assert all(finding.severity is Severity.BLOCK and (finding.part, finding.media) == (0, 0) for finding in found)


@pytest.mark.parametrize(
    ("network", "changes", "codes"),
    [
        (I, {"duration": timedelta(seconds=2.9)}, ["video_duration"]),
        (I, {"duration": timedelta(seconds=901)}, ["video_duration"]),
        (I, {"size_bytes": 300_000_001, "duration": timedelta(seconds=900)}, ["media_too_large"]),
        (I, {"size_bytes": 40_000_000}, ["video_bit_rate"]),
        (I, {"width": 2160, "height": 3840}, ["video_width"]),
        (T, {"duration": timedelta(seconds=301)}, ["video_duration"]),
        (T, {"duration": timedelta()}, ["video_duration"]),
        (F, {}, []),
        (F, {"mime_type": "video/webm"}, ["media_type"]),
    ],
)
def test_videos(network: Network, changes: dict[str, Any], codes: list[str]) -> None:
    assert with_media(network, a_video(**changes)) == [(code, Severity.BLOCK) for code in codes]


def test_numbers_of_media() -> None:
    many = [an_image(f"{i}") for i in range(21)]
    assert with_media(I, *many[:10]) == with_media(T, *many[:20]) == []
    assert with_media(I, *many[:11]) == with_media(T, *many) == [("media_too_many", Severity.BLOCK)]
    assert one(check(I, a_content("words only"))).code == "media_missing"
    assert with_media(T, an_image(), post_format=PostFormat.CAROUSEL) == [("carousel_too_small", Severity.BLOCK)]


def test_formats() -> None:
    assert with_media(I, an_image(), post_format=PostFormat.REEL) == [("reel_needs_video", Severity.BLOCK)]
    assert with_media(I, a_video("v"), a_video("w"), post_format=PostFormat.REEL) == [
        ("reel_needs_video", Severity.BLOCK)
    ]
    assert with_media(I, a_video(), post_format=PostFormat.REEL) == []
    assert with_media(I, an_image(width=1080, height=1920), post_format=PostFormat.STORY) == []
    assert with_media(T, an_image(), post_format=PostFormat.STORY) == [("format_unsupported", Severity.BLOCK)]
    assert with_media(I, an_image(), a_video(width=720, height=720)) == []


def test_alt_text() -> None:
    image = an_image()
    missing = one(check(T, Content((a_part("x", image, alt="  "),)), image))
    assert (missing.code, missing.severity, missing.fix) == ("alt_text_missing", Severity.WARN, Fix.ADD_ALT_TEXT)
    too_long = one(check(T, Content((a_part("x", image, alt="d" * 1001),)), image))
    assert too_long.message == "The description of “a.jpg” has 1001 of 1000 characters."
    assert check(T, Content((a_part("x", a_video(), alt=""),)), a_video()) == ()


def test_media_that_is_gone() -> None:
    finding = one(check(T, Content((a_part("x", an_image()),))))
    assert (finding.code, finding.fix) == ("media_gone", Fix.REMOVE_MEDIA)


def test_links_hashtags_and_mentions() -> None:
    links = " ".join(f"https://example.com/{i}" for i in range(6))
    assert one(check(T, a_content(links))).message == "6 different links; Threads takes 5."
    assert check(T, a_content("https://example.com/1 " * 6)) == ()
    image = an_image()
    tags = " ".join(f"#t{i}" for i in range(31))
    assert with_media(I, image, text=tags) == [("hashtags_too_many", Severity.BLOCK)]
    assert with_media(I, image, text="#a #b #c #d #e #f") == [("hashtags_many", Severity.WARN)]
    assert with_media(I, image, text="#a #b #c #d #e") == []
    assert with_media(I, image, text=" ".join(f"@n{i}" for i in range(21))) == [("mentions_too_many", Severity.BLOCK)]
    assert with_media(I, image, text="https://example.com") == [("links_dead", Severity.WARN)]


def test_what_rendering_loses_is_a_warning() -> None:
    finding = one(check(T, Content((Part("bold", (Mark(0, 4, MarkKind.BOLD),)),))))
    assert (finding.code, finding.severity, finding.part) == ("style_lost", Severity.WARN, 0)


def test_large_pictures_are_a_warning_on_facebook() -> None:
    assert with_media(F, an_image(size_bytes=5_000_000)) == [("media_large", Severity.WARN)]


def a_post(shared: Content, *variants: Variant) -> Post:
    return Post(PostId("p"), shared, variants, NOW, NOW)


def test_a_post_is_checked_account_by_account_with_its_own_text() -> None:
    threads, facebook = an_account(T), an_account(F)
    post = a_post(a_content("x" * 501), Variant(threads.id), Variant(facebook.id, a_content("short")))
    report = check_post(post, RULES, {a.id: a for a in (threads, facebook)}, {})
    assert [(f.account_id, f.code, f.severity) for f in report.findings] == [
        (threads.id, "text_too_long", Severity.BLOCK),
        (facebook.id, "ready", Severity.OK),
    ]
    assert report.is_blocked
    assert report.blocking[0].message == "501 of 500 characters on Threads."
    assert report.warnings == ()


def test_findings_come_account_by_account_and_part_by_part() -> None:
    picture = an_image(mime_type="image/webp", width=4000, height=4000)
    content = Content((a_part("#tag " * 40 + "https://a.example", picture, alt=""), a_part("x" * 501), a_part("")))
    post = a_post(content, Variant(an_account(I).id), Variant(an_account(T).id))
    accounts = {account.id: account for account in (an_account(T), an_account(I))}
    report = check_post(post, RULES, accounts, {picture.id: picture})
    assert [(finding.account_id, finding.part, finding.code) for finding in report.findings] == [
        ("instagram", None, "parts_too_many"),
        ("instagram", 2, "part_empty"),
        ("instagram", 0, "links_dead"),
        ("instagram", 0, "hashtags_too_many"),
        ("instagram", 0, "media_type"),
        ("instagram", 0, "alt_text_missing"),
        ("instagram", 1, "media_missing"),
        ("threads", 2, "part_empty"),
        ("threads", 0, "media_type"),
        ("threads", 0, "alt_text_missing"),
        ("threads", 1, "text_too_long"),
    ]


def test_a_post_without_account_or_with_a_vanished_one_is_blocked() -> None:
    assert [f.code for f in check_post(a_post(a_content("x")), RULES, {}, {}).blocking] == ["no_account"]
    gone = check_post(a_post(a_content("x"), Variant(an_account(T).id)), RULES, {}, {})
    assert [f.code for f in gone.blocking] == ["account_gone"]


texts = st.lists(st.sampled_from(["👨‍👩‍👧", "🇳🇴", "é", "x" * 7, " ", "\n", "#a ", "@b ", "https://c.d "]), max_size=120)


@given(st.lists(texts.map("".join), min_size=1, max_size=3), st.sampled_from(Network), st.integers(5, 200))
def test_counter_preview_preflight_and_publisher_cannot_disagree(
    parts: list[str], network: Network, limit: int
) -> None:
    rules = replace(RULES[network], max_text=limit)
    content = a_content(*parts)
    found = check_content(content, PostFormat.FEED, an_account(network), rules, {})
    too_long = {finding.part for finding in found if finding.code == "text_too_long"}
    payload = iter(render_payload(content, PostFormat.FEED, rules, {}).parts)
    for index, part in enumerate(content.parts):
        counter = text_length(part.text, rules.count_unit)
        assert counter == text_length(render(part, rules).text, rules.count_unit)
        assert (counter > limit) == (overflow_index(part.text, rules) is not None) == (index in too_long)
        if not part.is_empty:
            sent = next(payload)
            assert sent.text == render(part, rules).text
            assert text_length(sent.text, rules.count_unit) == counter
    assert next(payload, None) is None
