from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from desktop.domain.media import Asset
from desktop.domain.networks import Network, PostFormat
from desktop.domain.posts import Content, Post, PostId, Variant
from desktop.files.network_rules import load_rules
from desktop.services.drafting.findings import Finding, Fix
from desktop.services.drafting.fitting import can_be_fitted, fit_rules, with_fitted
from desktop.services.drafting.preflight import check_content
from tests.support.drafts import NOW, a_part, a_video, an_account, an_image

RULES = load_rules()
ONE, TWO = an_account(Network.INSTAGRAM), an_account(Network.THREADS)
PASTED, FITTED, OTHER = an_image("pasted", mime_type="image/png"), an_image("fitted"), an_image("other")


def findings(asset: Asset, network: Network = Network.INSTAGRAM) -> list[Finding]:
    content, account = Content((a_part("text", asset),)), an_account(network)
    found = check_content(content, PostFormat.FEED, account, RULES[network], {asset.id: asset})
    return [finding for finding in found if finding.code.startswith("media_")]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"mime_type": "image/png"}, "media_type"),
        ({"mime_type": "image/webp"}, "media_type"),
        ({"width": 4000, "height": 4000}, "media_width"),
        ({"width": 160, "height": 160}, "media_width"),
        ({"size_bytes": 9_000_000}, "media_too_large"),
    ],
)
def test_type_width_and_size_can_be_fitted(changes: dict[str, Any], code: str) -> None:
    assert [(finding.code, finding.fix) for finding in findings(an_image(**changes))] == [(code, Fix.FIT_MEDIA)]


@pytest.mark.parametrize(
    "changes",
    [
        {"mime_type": "image/gif"},
        {"width": 159, "height": 159},
        {"width": 40, "height": 100},
    ],
)
def test_what_fitting_would_not_repair_is_replaced(changes: dict[str, Any]) -> None:
    found = findings(an_image(**changes))
    assert found
    assert {finding.fix for finding in found} == {Fix.REPLACE_MEDIA}


@pytest.mark.parametrize(
    "changes",
    [
        {"mime_type": "image/png", "width": 500, "height": 1000},
        {"width": 4000, "height": 1000},
        {"size_bytes": 9_000_000, "width": 4000, "height": 1000},
    ],
)
def test_a_wrong_shape_is_cut_or_given_borders_as_the_person_likes(changes: dict[str, Any]) -> None:
    found = findings(an_image(**changes))
    assert found
    for finding in found:
        assert [repair.fix for repair in finding.repairs] == [Fix.CROP_MEDIA, Fix.PAD_MEDIA]
        assert finding.fix is Fix.CROP_MEDIA


def test_a_video_nobody_has_looked_into_is_not_promised_a_repair() -> None:
    found = findings(a_video(size_bytes=400_000_000, duration=timedelta(seconds=900)))
    assert [(finding.code, finding.fix) for finding in found] == [("media_too_large", Fix.REPLACE_MEDIA)]
    assert not can_be_fitted(a_video(), RULES[Network.INSTAGRAM].image)


def test_the_fitted_picture_follows_the_advice_too() -> None:
    (large,) = findings(an_image(size_bytes=5_000_000), Network.FACEBOOK)
    assert (large.code, large.fix) == ("media_large", Fix.FIT_MEDIA)
    assert findings(an_image(size_bytes=fit_rules(RULES[Network.FACEBOOK]).max_bytes), Network.FACEBOOK) == []
    assert fit_rules(RULES[Network.INSTAGRAM]) == RULES[Network.INSTAGRAM].image


def test_the_fitted_picture_takes_the_place_of_the_original() -> None:
    shared = Content((a_part("one", OTHER, PASTED, alt="a cat"), a_part("two", PASTED, alt="a dog")))
    own = Content((a_part("own", PASTED, alt="a bird"),))
    post = Post(PostId("p"), shared, (Variant(ONE.id, own), Variant(TWO.id)), NOW, NOW)

    in_own = with_fitted(post, ONE.id, PASTED.id, FITTED.id)
    assert in_own == post.with_override(ONE.id, Content((a_part("own", FITTED, alt="a bird"),)))

    in_shared = with_fitted(post, TWO.id, PASTED.id, FITTED.id)
    fitted = Content((a_part("one", OTHER, FITTED, alt="a cat"), a_part("two", FITTED, alt="a dog")))
    assert in_shared == replace(post, shared=fitted)
    assert with_fitted(post, ONE.id, FITTED.id, OTHER.id) == post
