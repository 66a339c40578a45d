"""What a check of a post says: findings, each with a way to repair it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from desktop.domain.accounts import AccountId
from desktop.domain.networks import ImageRules, VideoRules
from desktop.services.media.plans import FitChoice


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
    FIT_MEDIA = "fit_media"  # use what can be made of it without changing what it shows: see ``Repair``
    CROP_MEDIA = "crop_media"  # cut off what makes it the wrong shape
    PAD_MEDIA = "pad_media"  # give it borders instead
    TRIM_MEDIA = "trim_media"  # cut off the end of a video that is too long
    ADD_ALT_TEXT = "add_alt_text"
    SHORTEN_ALT_TEXT = "shorten_alt_text"


@dataclass(frozen=True, slots=True)
class Repair:
    """A way to make a picture or a video fit: ``MediaService.fit`` with these limits and this choice does it."""

    fix: Fix
    limits: ImageRules | VideoRules
    choice: FitChoice


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the list. ``code`` is stable; ``part`` and ``media`` count from 0 in the account's content.

    ``repairs`` are the ways a file can be made to fit, the first of them also being ``fix``.
    """

    code: str
    severity: Severity
    message: str
    account_id: AccountId | None = None
    part: int | None = None
    media: int | None = None
    fix: Fix | None = None
    repairs: tuple[Repair, ...] = ()


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
