from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest

from desktop.bootstrap import token_keeper
from desktop.bootstrap.token_keeper import TokenKeeper
from desktop.domain.errors import KeychainLocked


class Care:
    """Counts looks; the first ones fail in different ways."""

    def __init__(self) -> None:
        self.looks = 0
        self.enough = threading.Event()

    def tick(self) -> None:
        self.looks += 1
        if self.looks == 1:
            raise KeychainLocked(reason="it is locked")
        self.enough.set()


def test_it_looks_again_after_a_failure_and_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(token_keeper, "LOOK_EVERY", timedelta(milliseconds=1))
    care: Any = Care()
    keeper = TokenKeeper(care)
    keeper.start()
    assert care.enough.wait(20)
    keeper.stop()
    assert not any(thread.name == "tokens" for thread in threading.enumerate())


def test_it_can_be_stopped_without_a_start() -> None:
    care: Any = Care()
    TokenKeeper(care).stop()
    assert care.looks == 0
