"""Trying the relay out before anything depends on it: when an account is connected, and for the doctor."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from desktop.domain.errors import TidingsError
from desktop.kit.i18n import tr
from desktop.services.hosting.errors import RelayNotPublic
from desktop.services.hosting.hosted_objects import LIFE, HostedObjects
from desktop.services.hosting.ports import HostedObject, ObjectStore, OutsideView
from desktop.services.hosting.relays import Relay

# only its type and size are looked at
_PROBE = b"\xff\xd8\xff" + b"This file tries out a hosting relay and may be deleted.\n" * 40
_PROBE_TYPE = "image/jpeg"


@dataclass(frozen=True, slots=True)
class RelayFinding:
    """``code`` is stable, ``words`` say what was found, ``advice`` what to do."""

    code: str
    is_ok: bool
    words: str
    advice: str = ""


class RelayCheck:
    """One check. ``usable_relay`` raises ``RelayFailure`` when there is none to check."""

    def __init__(self, usable_relay: Callable[[], Relay], objects: HostedObjects, view: OutsideView) -> None:
        self._usable_relay, self._objects, self._view = usable_relay, objects, view

    def run(self) -> tuple[RelayFinding, ...]:
        """Check; after the first failure only the deletion follows."""
        try:
            relay = self._usable_relay()
            store = self._objects.open(relay)
        except TidingsError as error:
            return (_failed(error),)
        probe = self._objects.announce(relay, hashlib.sha256(_PROBE).hexdigest(), _PROBE_TYPE)
        findings = self._fetching(relay, store, probe)
        gone = self._deleting(relay, store, probe)
        findings += gone if findings[0].is_ok else []  # what could not be stored needs no words about deleting
        overdue = self._objects.take_down(self._objects.due()).left
        if overdue and all(finding.is_ok for finding in findings):
            words = tr("{n} files of earlier posts could not be deleted from the relay.", n=len(overdue))
            findings.append(RelayFinding("relay_files_left", False, words, tr("Tidings tries again by itself.")))
        return tuple(findings)

    def _fetching(self, relay: Relay, store: ObjectStore, probe: HostedObject) -> list[RelayFinding]:
        try:
            size_bytes = store.put(probe.key, _PROBE, _PROBE_TYPE)
            stored = RelayFinding("relay_stores", True, tr("The relay {relay} takes files.", relay=relay))
        except TidingsError as error:
            return [_failed(error)]
        try:
            self._look(relay, store, probe, size_bytes)
        except TidingsError as error:
            return [stored, _failed(error)]
        return [stored, RelayFinding("relay_serves", True, tr("Networks can fetch them from {host}.", host=relay.host))]

    def _deleting(self, relay: Relay, store: ObjectStore, probe: HostedObject) -> list[RelayFinding]:
        report = self._objects.take_down([probe])
        if report.left:
            return [_failed(report.left[0][1])]
        try:
            self._look(relay, store, probe, None)
        except RelayNotPublic:
            return [RelayFinding("relay_deletes", True, tr("They are gone once they are deleted."))]
        except TidingsError:
            return []  # what is wrong with fetching has been said
        words = tr("A deleted file can still be fetched from {host}.", host=relay.host)
        advice = tr("A cache before the store keeps it: let it keep files of the relay for minutes only.")
        return [RelayFinding("relay_keeps_deleted", False, words, advice)]

    def _look(self, relay: Relay, store: ObjectStore, probe: HostedObject, size_bytes: int | None) -> None:
        address = store.address(probe.key, LIFE)
        is_signed = not relay.public
        self._view.look(address, _PROBE_TYPE, size_bytes=size_bytes, needs_range=True, is_signed=is_signed)


def _failed(error: TidingsError) -> RelayFinding:
    return RelayFinding(error.code, False, error.title, error.advice)
