"""The publisher killed for real, again and again: nothing doubled, nothing lost, by the sandbox's own ledger."""

from __future__ import annotations

import pytest

from tests.support.kill_lab import run
from tests.support.publishing_rig import ram_folder


@pytest.mark.timeout(600)
def test_kill_nine_neither_doubles_nor_loses(tmp_path, capsys):
    with ram_folder(tmp_path) as folder:
        report = run(kills=42, posts=84, republish="duplicate", seed=7, folder=folder)
    with capsys.disabled():
        print(f"\n{report}")
    assert (report.duplicates, report.lost, report.not_published) == (0, 0, 0), report.wrong
    assert report.kills >= 40
    assert report.ambiguous > 0
    assert report.found > 0
