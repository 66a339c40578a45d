"""Looks after the tokens on a thread of its own beside the publisher, which must not wait for a network."""

from __future__ import annotations

import logging
import threading
from datetime import timedelta

from desktop.domain.errors import TidingsError
from desktop.services.accounts.token_care import TokenCare

LOOK_EVERY = timedelta(minutes=5)
_STOP_SECONDS = 20.0
_log = logging.getLogger(__name__)


class TokenKeeper:
    """Calls ``TokenCare.tick`` every five minutes; which accounts are due then is decided there."""

    def __init__(self, care: TokenCare) -> None:
        self._care = care
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="tokens", daemon=True)

    def start(self) -> None:
        """Begin; the first look comes after the first pause, when the start of the program is over."""
        self._thread.start()

    def stop(self) -> None:
        """End after the look that is under way; one that hangs in a call is left behind."""
        self._stopping.set()
        if self._thread.ident is not None:
            self._thread.join(_STOP_SECONDS)

    def _keep(self) -> None:
        while not self._stopping.wait(LOOK_EVERY.total_seconds()):
            try:
                self._care.tick()
            except TidingsError as error:  # the keychain is locked or the disk full for the moment
                _log.info("the tokens could not be looked after: %s", error)
            except Exception:  # noqa: BLE001 - a bug here must not end the care for good
                _log.exception("looking after the tokens failed")
