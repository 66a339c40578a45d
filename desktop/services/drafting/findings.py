"""What a check of a post says: findings, each with a way to repair it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from desktop.domain.accounts import AccountId


class Severity(StrEnum):
    """How much a finding weighs: only ``block`` keeps a post from being scheduled."""

    OK = "ok"
    WARN = "warn"
    BLOCK = "block"


class Fix(StrEnum):
    """What repairs a finding; the composer offers it as a button."""

    CHOOSE_ACCOUNT = "choose_account"
    RECONNECT_ACCOUNT = "reconnect_account"
    CHANGE_FORMAT = "change_format"
    WRITE_TEXT = "write_text"
    SHORTEN_TEXT = "shorten_text"
    SPLIT_TEXT = "split_text"  # move what is too long into a new part
    JOIN_PARTS = "join_parts"  # give the account its own text, made of all parts
    REMOVE_PART = "remove_part"
    ADD_MEDIA = "add_media"
    REMOVE_MEDIA = "remove_media"
    REPLACE_MEDIA = "replace_media"
    FIT_MEDIA = "fit_media"  # use a JPEG of it in the size the network takes: see ``fitting``
    ADD_ALT_TEXT = "add_alt_text"
    SHORTEN_ALT_TEXT = "shorten_alt_text"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the list. ``code`` is stable; ``part`` and ``media`` count from 0 in the account's content."""

    code: str
    severity: Severity
    message: str
    account_id: AccountId | None = None
    part: int | None = None
    media: int | None = None
    fix: Fix | None = None


@dataclass(frozen=True, slots=True)
class PreflightReport:
    """All findings of a post, account by account."""

    findings: tuple[Finding, ...] = ()

    @property
    def is_blocked(self) -> bool:
        """Whether some network would refuse it."""
        return bool(self.blocking)

    @property
    def blocking(self) -> tuple[Finding, ...]:
        """What has to be repaired."""
        return tuple(finding for finding in self.findings if finding.severity is Severity.BLOCK)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """What may be wanted."""
        return tuple(finding for finding in self.findings if finding.severity is Severity.WARN)
