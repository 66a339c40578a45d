"""Errors people can meet. Each has a stable code, a title and advice; anything else that is raised is a bug.

Words are looked up when they are shown, so an error raised on a worker thread speaks the language of the window.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import ClassVar

from desktop.kit.i18n import tr


class Cancelled(Exception):
    """The person stopped a long operation; shown nowhere."""


class InvariantViolation(AssertionError):
    """A rule that keeps posts from going out twice was about to be broken: always a bug, never shown as bad input."""


class TidingsError(Exception):
    """An expected error.

    ``code`` is stable and scripted against. ``details`` fills the ``{places}`` of title and advice and is part of
    the command line's JSON; it never holds a token.
    """

    code: ClassVar[str] = "error"
    title_text: ClassVar[str] = "Something went wrong."
    advice_text: ClassVar[str] = ""

    def __init__(self, **details: str | int) -> None:
        super().__init__(self.code)
        self.details: Mapping[str, str | int] = details

    @property
    def title(self) -> str:
        """One sentence: what happened."""
        return tr(self.title_text, **self.details)

    @property
    def advice(self) -> str:
        """What the person can do about it; may be empty."""
        return tr(self.advice_text, **self.details) if self.advice_text else ""

    def __str__(self) -> str:
        return f"{self.code}: {self.title}"


class NotFound(TidingsError):
    """No such thing (details: noun, id)."""

    code = "not_found"
    title_text = "There is no {noun} {id}."
    advice_text = "It may have been deleted. List what is there and try again."


class StaleVersion(TidingsError):
    """Someone else changed it first (details: noun)."""

    code = "stale_version"
    title_text = "This {noun} was changed elsewhere in the meantime."
    advice_text = "Nothing was overwritten. Open it again to see the newer version."


class InvalidInput(TidingsError):
    """A value that cannot be used (details: field, reason)."""

    code = "invalid_input"
    title_text = "{field}: {reason}"
    advice_text = "Correct it and try again. Nothing was changed."


class TimeInGap(TidingsError):
    """A wall time the clocks skip (details: wall, zone, suggestion)."""

    code = "time_in_gap"
    title_text = "{wall} does not exist in {zone}: the clocks go forward over it."
    advice_text = "Choose {suggestion} or another time. Nothing was changed."


class UnknownZone(TidingsError):
    """Not an IANA time zone (details: zone)."""

    code = "unknown_zone"
    title_text = "“{zone}” is not a time zone."
    advice_text = "Use a name such as Europe/Oslo or America/New_York."


class TimeInPast(TidingsError):
    """A planned time that has gone by (details: wall, zone)."""

    code = "time_in_past"
    title_text = "{wall} ({zone}) has already passed."
    advice_text = "Choose a later time, or publish now."


class PreflightRefused(TidingsError):
    """The post breaks a rule of a network (details: count, first)."""

    code = "preflight_refused"
    title_text = "This post would be refused: {first}"
    advice_text = "Fix what the check lists before you schedule it. The draft is saved."


class NothingToPublish(TidingsError):
    """A post without an account to go to."""

    code = "nothing_to_publish"
    title_text = "This post goes to no account yet."
    advice_text = "Choose at least one account."


class NotPossibleNow(TidingsError):
    """The delivery's state does not allow it (details: action, state)."""

    code = "not_possible_now"
    title_text = "A delivery that is {state} cannot be {action}."
    advice_text = "Look at its timeline to see what happens next."


class MediaUnreadable(TidingsError):
    """Not an image or video we can read, whatever its name says (details: name)."""

    code = "media_unreadable"
    title_text = "“{name}” is not an image or a video."
    advice_text = (
        "Its content does not match a known format. Choose a JPEG, PNG, GIF, WebP, HEIC, AVIF, MP4 or MOV file."
    )


class MediaTooLarge(TidingsError):
    """Larger than any network takes (details: name, size_mb, limit_mb)."""

    code = "media_too_large"
    title_text = "“{name}” has {size_mb} MB; the limit is {limit_mb} MB."
    advice_text = "Make the file smaller and add it again."


class FileUnreadable(TidingsError):
    """The file cannot be opened (details: name, reason)."""

    code = "file_unreadable"
    title_text = "“{name}” cannot be read: {reason}."
    advice_text = "Check that the file exists and that you may open it."


class ProfileInUse(TidingsError):
    """Another running Tidings holds this profile (details: pid)."""

    code = "profile_in_use"
    title_text = "Tidings is already running with this profile."
    advice_text = "Use the window that is open, or give another folder with --profile."


class PublisherBusy(TidingsError):
    """Another process is publishing for this profile (details: owner)."""

    code = "publisher_busy"
    title_text = "Another Tidings is already publishing from this profile."
    advice_text = "Only one may publish at a time. Close the other one first, or leave the work to it."


class DatabaseNewer(TidingsError):
    """Made by a newer version (details: found, known)."""

    code = "database_newer"
    title_text = "This data was made by a newer Tidings."
    advice_text = "Install the newer version again. Nothing was changed (format {found}, this version knows {known})."


class DatabaseReadOnly(TidingsError):
    """The profile cannot be written (details: path)."""

    code = "database_read_only"
    title_text = "Tidings may not write to its data folder."
    advice_text = "Check the permissions of {path}. What is on disk is untouched."


class DiskFull(TidingsError):
    """No room left (details: path)."""

    code = "disk_full"
    title_text = "The disk is full, so nothing more can be saved."
    advice_text = "Free some space on the disk of {path}. Nothing that was saved is lost; publishing waits."


class DatabaseBusy(TidingsError):
    """Locked by something else for too long."""

    code = "database_busy"
    title_text = "The data is in use by another program."
    advice_text = "Wait a moment and try again."


class DatabaseDamaged(TidingsError):
    """Not a readable Tidings database (details: path)."""

    code = "database_damaged"
    title_text = "The data file is damaged or is not from Tidings."
    advice_text = "Restore a backup. The file was left as it is: {path}"


class SecretStoreUnavailable(TidingsError):
    """The place that keeps secrets cannot be used (details: reason); each usual cause has a class of its own."""

    code = "secret_store_unavailable"
    title_text = "The keychain of this computer cannot be used: {reason}."
    advice_text = (
        "Unlock it and try again, or set TIDINGS_SECRET_STORE=file and TIDINGS_PASSPHRASE for an encrypted file."
    )


class KeychainMissing(SecretStoreUnavailable):
    """This computer has no keychain, or none that is running."""

    code = "keychain_missing"
    title_text = "This computer has no keychain to protect your tokens."
    advice_text = (
        "Start one (GNOME Keyring or KWallet), or set TIDINGS_SECRET_STORE=file and TIDINGS_PASSPHRASE for an "
        "encrypted file."
    )


class KeychainLocked(SecretStoreUnavailable):
    """The keychain is locked, and nobody unlocked it when it asked."""

    code = "keychain_locked"
    title_text = "The keychain of this computer is locked."
    advice_text = (
        "Unlock it and try again, or set TIDINGS_SECRET_STORE=file and TIDINGS_PASSPHRASE for an encrypted file."
    )


class PassphraseNeeded(SecretStoreUnavailable):
    """The secrets are protected by a passphrase, which was not given."""

    code = "passphrase_needed"
    title_text = "Your tokens are protected by a passphrase."
    advice_text = "Give it, in the window or as TIDINGS_PASSPHRASE."


class WrongPassphrase(SecretStoreUnavailable):
    """The passphrase does not open the encrypted file."""

    code = "wrong_passphrase"
    title_text = "This is not the passphrase your tokens are protected by."
    advice_text = "Try again; capital letters count. Nothing was changed."


class SecretFileDamaged(SecretStoreUnavailable):
    """The encrypted file cannot be read (details: path)."""

    code = "secret_file_damaged"
    title_text = "The file that protects your tokens is damaged."
    advice_text = "Put a copy of {path} back, or move it away and connect your accounts again."


class SecretUnreadable(SecretStoreUnavailable):
    """A secret is stored but cannot be opened any more (details: name); a new one in its place can be."""

    code = "secret_unreadable"
    title_text = "A stored token cannot be read."
    advice_text = "Connect the account again; its posts, queue and history are all there."


class DataKeyMissing(SecretUnreadable):
    """The data key it was sealed with is not on this computer, as after a restore on another one."""

    code = "data_key_missing"
    title_text = "Your tokens were sealed on another computer, or with another keychain."


class SecretDamaged(SecretUnreadable):
    """What is stored was changed or damaged."""

    code = "secret_damaged"
    title_text = "A stored token is damaged."


class InsecureAddress(TidingsError):
    """A network address that is neither https nor loopback (details: name)."""

    code = "insecure_address"
    title_text = "{name} must be an https address; http is accepted for this computer only."
    advice_text = "Correct the address."


class AppMissing(TidingsError):
    """No app of one's own and no broker, so nobody can ask the network (details: network)."""

    code = "app_missing"
    title_text = "Tidings has no app to sign in to {network} with."
    advice_text = "Add the app's id and secret, or connect with an access token."


class AppRefused(TidingsError):
    """The network does not accept the app itself (details: network, message)."""

    code = "app_refused"
    title_text = "{network} does not accept the app: {message}"
    advice_text = (
        "Check the app's id, secret and redirect address. Threads, Instagram and Facebook each have an id of their own."
    )


class AppInDevelopment(TidingsError):
    """Only people with a role in the app may sign in (details: network)."""

    code = "app_in_development"
    title_text = "The app is in development mode, and this person has no role in it at {network}."
    advice_text = "Add the person to the app's roles or testers in the app dashboard, or take the app live."


class RedirectMissing(TidingsError):
    """The network sends people back to https addresses only, and none is set (details: network)."""

    code = "redirect_missing"
    title_text = "{network} sends people back to an https address only, and none is set."
    advice_text = "Put the bounce page on an https address, register it with the app, and set it here."


class SignInDenied(TidingsError):
    """The person said no in the network's dialog (details: network)."""

    code = "sign_in_denied"
    title_text = "{network} was told not to connect."
    advice_text = "Nothing was changed. Start again and allow everything that is asked for."


class SignInStateWrong(TidingsError):
    """The answer belongs to another sign-in, or somebody made it up (details: network)."""

    code = "sign_in_wrong_state"
    title_text = "This answer does not belong to the sign-in to {network} that was started here."
    advice_text = "Nothing was changed. Start again and finish in the page that opens."


class SignInCodeRefused(TidingsError):
    """The code was used before or is too old (details: network, message)."""

    code = "sign_in_code_refused"
    title_text = "{network} no longer accepts this sign-in: {message}"
    advice_text = "A sign-in works once and for a short while. Start again."


class SignInNothingFound(TidingsError):
    """Signed in, but there is no account to publish with (details: network)."""

    code = "sign_in_nothing_found"
    title_text = "{network} shows no account to publish with."
    advice_text = "Start again, choose “Edit settings” and tick every Page. You need to be allowed to post on it."


class SignInNotFinished(TidingsError):
    """Cancelled, or nobody came back from the browser in time (details: network)."""

    code = "sign_in_not_finished"
    title_text = "The sign-in to {network} was not finished."
    advice_text = "Nothing was changed. Start again, or paste the address of the page where the browser stopped."


class SignInAddressUnreadable(TidingsError):
    """What was pasted is not the address the network sent the person back to."""

    code = "sign_in_address_unreadable"
    title_text = "This is not the address of the last page of the sign-in."
    advice_text = "Copy the whole address from the browser; it holds “code=” and “state=”."


class ListenerUnavailable(TidingsError):
    """This computer does not let us wait for the browser (details: reason)."""

    code = "listener_unavailable"
    title_text = "Tidings cannot wait for the browser on this computer: {reason}."
    advice_text = "Paste the address instead."


class BrokerFailed(TidingsError):
    """The sign-in service answered something we cannot use (details: reason)."""

    code = "broker_failed"
    title_text = "The sign-in service does not answer as it should: {reason}."
    advice_text = "Try again later, or use an app of your own."


class RefreshNotPossible(TidingsError):
    """The token cannot be given a new life now (details: network, reason)."""

    code = "refresh_not_possible"
    title_text = "The token for {network} cannot be renewed: {reason}."
    advice_text = "Connect the account again if it does not work; otherwise nothing has to be done."


class FailureKind(StrEnum):
    """What a network's answer means for us (``meta-api.md``, table of classes)."""

    TRANSIENT_RETRY = "transient_retry"
    RATE_WAIT = "rate_wait"
    QUOTA_WAIT = "quota_wait"
    NOT_READY = "not_ready"
    RECREATE_CONTAINER = "recreate_container"
    REAUTH = "reauth"
    PERMISSION = "permission"
    ACCOUNT_ACTION = "account_action"
    BAD_INPUT = "bad_input"
    DUPLICATE = "duplicate"
    AMBIGUOUS = "ambiguous"


class Effect(StrEnum):
    """What a failed call may have done at the network."""

    NOT_SENT = "not_sent"  # no byte of the request left this computer
    REFUSED = "refused"  # the network said no in a way that is on the short list of trusted refusals
    UNKNOWN = "unknown"  # it may have been carried out


class RemoteFailure(TidingsError):
    """A call to a network failed.

    ``http_status`` is None when no answer came. ``remote_code`` is text because Threads sends symbolic codes.
    ``remote_message`` has been cleaned of tokens. ``retry_after`` comes from usage headers.
    """

    code = "network_refused"
    title_text = "{network} answered: {message}"

    def __init__(
        self,
        *,
        network: str,
        kind: FailureKind,
        effect: Effect,
        message: str,
        http_status: int | None = None,
        remote_code: str | None = None,
        subcode: int | None = None,
        trace_id: str | None = None,
        retry_after: timedelta | None = None,
        field: str | None = None,
    ) -> None:
        super().__init__(network=network, message=message, kind=kind.value)
        self.kind = kind
        self.effect = effect
        self.remote_message = message
        self.http_status = http_status
        self.remote_code = remote_code
        self.subcode = subcode
        self.trace_id = trace_id
        self.retry_after = retry_after
        self.field = field

    @property
    def advice(self) -> str:
        """What the person can do, chosen by the kind of failure."""
        return tr(_ADVICE[self.kind])


_ADVICE: dict[FailureKind, str] = {
    FailureKind.TRANSIENT_RETRY: "Check the connection to the internet and try again; nothing was lost.",
    FailureKind.RATE_WAIT: "The network asks for a pause. Tidings waits and goes on by itself.",
    FailureKind.QUOTA_WAIT: "The daily number of posts is used up. Tidings goes on when the network allows it.",
    FailureKind.NOT_READY: "The network is still working on it. Tidings asks again by itself.",
    FailureKind.RECREATE_CONTAINER: "The network lost the prepared post. Tidings prepares it again by itself.",
    FailureKind.REAUTH: "Connect the account again with a fresh token. Its queue is kept.",
    FailureKind.PERMISSION: "The token lacks a permission. Connect the account again and grant all of them.",
    FailureKind.ACCOUNT_ACTION: "The network wants you to do something: sign in on its site and follow what it says.",
    FailureKind.BAD_INPUT: "Change the post and try again; the draft is kept.",
    FailureKind.DUPLICATE: "The network says this was posted before. Look at the account before you try again.",
    FailureKind.AMBIGUOUS: "It may have gone out. Tidings looks on the network before it does anything else.",
}
