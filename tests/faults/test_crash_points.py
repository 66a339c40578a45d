"""A crash at any durable or network edge neither doubles nor loses a post, for each network and content type."""

from __future__ import annotations

import pytest

from tests.support.crash_matrix import ANSWERS, REPUBLISH, Count, crash_everywhere
from tests.support.publishing_rig import KINDS, publishing_rig, ram_folder

# the worst network posts again when asked twice; the others are covered for one kind here and for all by the script
CASES = [(kind, answer) for kind in KINDS for answer in ("ok", "lost_after_effect", "lost_before_effect")]


@pytest.fixture(scope="module")
def worst_network(tmp_path_factory):
    with ram_folder(tmp_path_factory.mktemp("rig")) as folder, publishing_rig(folder, republish="duplicate") as rig:
        yield rig


@pytest.mark.parametrize(("kind", "answer"), CASES, ids=lambda value: str(value))
def test_every_edge_of_every_content_type(worst_network, kind, answer):
    count = Count()
    crash_everywhere(worst_network, kind, answer, count)
    assert not count.wrong
    assert count.cases > 8  # the undisturbed run and one for each of at least eight commits


def test_every_answer_where_publishing_twice_makes_two_posts(worst_network):
    count = Count()
    for answer in ANSWERS:
        crash_everywhere(worst_network, KINDS[0], answer, count)
    assert not count.wrong
    assert count.cases > 7 * 8


@pytest.mark.parametrize("republish", [each for each in REPUBLISH if each != "duplicate"])
def test_the_other_republish_behaviours(tmp_path, republish):
    count = Count()
    with ram_folder(tmp_path) as folder, publishing_rig(folder, republish=republish) as rig:
        for answer in ("lost_after_effect", "blocked_but_live"):
            crash_everywhere(rig, KINDS[0], answer, count)
    assert not count.wrong
