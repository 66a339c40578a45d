"""What the doctor can find out about the computer, in plain words."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from desktop.domain.errors import TidingsError
from desktop.host.http_get import get
from desktop.host.paths import Profile
from desktop.host.process_lock import ProcessLock
from desktop.kit.clock import Clock
from desktop.kit.i18n import tr
from desktop.kit.ids import new_id
from desktop.services.accounts.ports import SecretStore

LEAST_FREE_BYTES = 500_000_000
ANSWER_SECONDS = 10.0
LARGEST_SKEW = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Checkup:
    """One finding: ``code`` is stable, ``words`` say what was found, ``advice`` what to do."""

    code: str
    is_ok: bool
    words: str
    advice: str = ""


def failed(code: str, error: TidingsError) -> Checkup:
    """Return the finding an expected error makes."""
    return Checkup(code, False, error.title, error.advice)


def profile_checkup(profile: Profile) -> Checkup:
    """Look whether the profile can be written."""
    try:
        profile.prepare()
        probe = profile.run / f"doctor-{new_id()}"
        probe.touch()
        probe.unlink()
    except TidingsError as error:
        return failed("profile", error)
    except OSError as error:
        advice = tr("Check the permissions of {path}.", path=profile.dir)
        return Checkup("profile", False, tr("The profile cannot be written: {why}.", why=error.strerror or ""), advice)
    return Checkup("profile", True, tr("The profile {path} can be written.", path=profile.dir))


def disk_checkup(profile: Profile) -> Checkup:
    """Look whether there is room on the disk of the profile."""
    free_bytes = shutil.disk_usage(profile.dir).free
    words = tr("{free} MB are free on the disk of the profile.", free=free_bytes // 1_000_000)
    return Checkup("disk", free_bytes >= LEAST_FREE_BYTES, words, tr("Free some space: pictures and backups need it."))


def secrets_checkup(store: SecretStore) -> Checkup:
    """Write, read and remove a probe."""
    name, value = "doctor", new_id()
    try:
        store.put(name, value)
        is_kept = store.get(name) == value
        store.remove(name)
    except TidingsError as error:
        return failed("secrets", error)
    words = tr("Tokens can be kept safely.") if is_kept else tr("The keychain does not give back what it was given.")
    return Checkup("secrets", is_kept, words, tr("Try TIDINGS_SECRET_STORE=file with TIDINGS_PASSPHRASE."))


def publisher_checkup(lock: ProcessLock) -> Checkup:
    """Look whether somebody publishes for this profile; nobody is no fault, but worth knowing."""
    if lock.acquire():
        lock.release()
        return Checkup("publisher", True, tr("Nobody is publishing at the moment: open the window or start a worker."))
    return Checkup("publisher", True, tr("Process {pid} is publishing.", pid=lock.holder()))


def network_checkups(addresses: Mapping[str, str], clock: Clock) -> list[Checkup]:
    """Look whether each network (name to address) answers, and whether this computer's clock agrees with theirs."""
    checkups, skews = [], []
    for name, url in addresses.items():
        try:
            answer = get(url, ANSWER_SECONDS)
        except OSError as error:
            advice = tr("Check the connection to the internet; posts wait meanwhile.")
            words = tr("{name} cannot be reached: {why}.", name=name, why=_reason(error))
            checkups.append(Checkup(f"network_{name.lower()}", False, words, advice))
            continue
        checkups.append(Checkup(f"network_{name.lower()}", True, tr("{name} answers.", name=name)))
        date = _date(answer.headers.get("Date") or answer.headers.get("date"))
        if date is not None:
            skews.append(clock.now() - date)
    if skews:
        checkups.append(_clock_checkup(max(skews, key=abs)))
    return checkups


def _clock_checkup(skew: timedelta) -> Checkup:
    if abs(skew) <= LARGEST_SKEW:
        return Checkup("clock", True, tr("The clock of this computer is right."))
    words = tr("The clock of this computer is off by {seconds} seconds.", seconds=round(skew.total_seconds()))
    return Checkup("clock", False, words, tr("Let the system set the time; posts would go out early or late."))


def _date(text: str | None) -> datetime | None:
    try:
        date = parsedate_to_datetime(text or "")
    except ValueError:
        return None
    return date if date.tzinfo is not None else None


def _reason(error: OSError) -> str:
    cause = getattr(error, "reason", error)  # urllib wraps the real one
    return getattr(cause, "strerror", None) or str(cause)
