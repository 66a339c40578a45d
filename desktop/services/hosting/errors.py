"""What can go wrong between us, the hosting relay, and a network that has to fetch from it.

Every one of them happens before a network was asked for anything, so a delivery that meets one waits and tries again;
its post is never lost to the relay.
"""

from __future__ import annotations

from typing import ClassVar

from desktop.domain.errors import Effect, FailureKind, RemoteFailure
from desktop.kit.i18n import tr


class RelayFailure(RemoteFailure):
    """Trouble with the relay. ``is_lasting``: it stays until a person changes something."""

    code = "relay_failure"
    is_lasting: ClassVar[bool] = True

    def __init__(self, **details: str | int) -> None:
        super().__init__(
            network="relay",
            kind=FailureKind.TRANSIENT_RETRY,
            effect=Effect.NOT_SENT,
            message=tr(self.title_text, **details),
            remote_code=self.code,
        )
        self.details = details

    @property
    def advice(self) -> str:
        """What the person can do about it."""
        return tr(self.advice_text, **self.details) if self.advice_text else ""


class RelayMissing(RelayFailure):
    """No relay is set, and the networks are real ones."""

    code = "relay_missing"
    title_text = "Pictures and films cannot reach the network yet: it fetches them from a public address."
    advice_text = "Set a hosting relay, a bucket of your own (tidings relay set). Posts of text alone go out without."


class RelayCredentialsMissing(RelayFailure):
    """The relay is set, its keys are not known (details: relay)."""

    code = "relay_credentials_missing"
    title_text = "The keys of the hosting relay {relay} are missing."
    advice_text = "Set the relay again with its key, or give the usual variables of the store."


class RelayKeysLocked(RelayFailure):
    """The keychain that holds the relay's key cannot be used (details: reason)."""

    code = "relay_keys_locked"
    title_text = "The key of the hosting relay cannot be read. {reason}"
    advice_text = "Unlock the keychain. Tidings tries again by itself."
    is_lasting = False


class RelayCannotSign(RelayFailure):
    """The keys cannot sign addresses, and there is no public one (details: relay)."""

    code = "relay_cannot_sign"
    title_text = "A SAS token cannot sign addresses of {relay}."
    advice_text = "Give the account key, or a public address of the container with public=https://…"


class RelayUnreachable(RelayFailure):
    """No connection, or an answer that says "not now" (details: host, reason)."""

    code = "relay_unreachable"
    title_text = "The hosting relay {host} cannot be reached: {reason}."
    advice_text = "Check the connection and the state of the store. Tidings tries again by itself."
    is_lasting = False


class RelaySlow(RelayFailure):
    """No complete answer in time (details: host)."""

    code = "relay_slow"
    title_text = "The hosting relay {host} did not answer in time."
    advice_text = "Tidings tries again by itself. A network would give up on it too; if it stays so, choose another."
    is_lasting = False


class RelayAccessDenied(RelayFailure):
    """The store does not accept our keys, or not for this (details: relay, reason)."""

    code = "relay_access_denied"
    title_text = "The hosting relay {relay} refuses access: {reason}."
    advice_text = "Check the keys, and that they may write and delete objects of the bucket."


class RelayBucketMissing(RelayFailure):
    """The bucket or container does not exist (details: relay)."""

    code = "relay_bucket_missing"
    title_text = "There is no bucket at {relay}."
    advice_text = "Make the bucket, or correct its name, region and endpoint."


class RelayRefused(RelayFailure):
    """The store refuses for another reason (details: relay, reason)."""

    code = "relay_refused"
    title_text = "The hosting relay {relay} refuses the file: {reason}."
    advice_text = "Check the bucket's name, its region and the endpoint."


class RelayLocalOnly(RelayFailure):
    """An address of this computer or its own network, and networks on the internet (details: host)."""

    code = "relay_local_only"
    title_text = "The address of the hosting relay, {host}, exists only in your own network."
    advice_text = "Choose a relay on the internet, or give its public address with public=https://…"


class RelayNotPublic(RelayFailure):
    """Fetched without our keys, the file is refused (details: host, status)."""

    code = "relay_not_public"
    title_text = "Files on the hosting relay cannot be fetched from outside: {host} answers {status}."
    advice_text = "Let anyone read what lies under the public address, or leave public= out to use signed addresses."


class RelayAddressExpired(RelayFailure):
    """The signed address is over already (details: host)."""

    code = "relay_address_expired"
    title_text = "The address signed for {host} has expired already."
    advice_text = "Check the clock of this computer and how long the keys are valid."


class RelayClockWrong(RelayFailure):
    """Signatures depend on the time, and ours differs from the relay's (details: host)."""

    code = "relay_clock_wrong"
    title_text = "The clock of this computer differs too much from that of {host} for signing addresses."
    advice_text = "Let the system set the time."


class RelayRedirects(RelayFailure):
    """The address leads elsewhere; networks do not follow (details: host)."""

    code = "relay_redirects"
    title_text = "{host} redirects to another address, and networks do not follow that."
    advice_text = "Give the address that serves the files itself as public=."


class RelayWrongType(RelayFailure):
    """Served as something else (details: host, expected, found)."""

    code = "relay_wrong_type"
    title_text = "{host} serves the file as “{found}” instead of “{expected}”."
    advice_text = "Let the store, or the CDN before it, pass on the type the file was stored with."


class RelayWrongSize(RelayFailure):
    """Another number of bytes than was stored (details: host, expected, found)."""

    code = "relay_wrong_size"
    title_text = "{host} says the file has {found} bytes instead of {expected}."
    advice_text = "Switch off what changes files on the way: compression or optimisation of images."


class RelayWithoutRange(RelayFailure):
    """Parts of a file cannot be asked for, as networks do with films (details: host)."""

    code = "relay_without_range"
    title_text = "{host} does not serve parts of a file, which networks ask for with films."
    advice_text = "Allow range requests in the store or the CDN before it."


class RelayRobotsForbid(RelayFailure):
    """``robots.txt`` turns Meta's fetcher away (details: host)."""

    code = "relay_robots_forbid"
    title_text = "The robots.txt of {host} forbids Meta to fetch files."
    advice_text = "Allow “facebookexternalhit” there."


class RelayCertificateInvalid(RelayFailure):
    """TLS is not valid (details: host, reason)."""

    code = "relay_certificate_invalid"
    title_text = "The certificate of {host} is not valid: {reason}."
    advice_text = "Networks fetch from valid https addresses only. Check the certificate and the clock."
