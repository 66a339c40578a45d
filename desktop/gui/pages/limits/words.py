"""How limits are said."""

from __future__ import annotations

from datetime import datetime, timedelta

from PySide6.QtCore import QLocale

from desktop.domain.accounts import Account
from desktop.domain.networks import Network
from desktop.gui.shell.moments import local_time, moment_words
from desktop.gui.theme.painting import Status
from desktop.kit.i18n import tr, trn
from desktop.services.limits.governor import SLOW_PERCENT, WaitReason, WaitUntil
from desktop.services.limits.ports import QuotaKind
from desktop.services.limits.quotas import QuotaState
from desktop.services.limits.service import AccountLimits

_KINDS: dict[QuotaKind, str] = {
    QuotaKind.POSTS: "Posts",
    QuotaKind.REPLIES: "Replies",
    QuotaKind.DELETES: "Deleted posts",
    QuotaKind.LOCATION_SEARCHES: "Searches for places",
    QuotaKind.REELS: "Reels",
}


def handle_of(account: Account) -> str:
    """Return the network and the name as it writes it; Pages have no handle."""
    name = account.username if account.network is Network.FACEBOOK else f"@{account.username}"
    return f"{account.network.label} · {name}"


def kind_words(state: QuotaState) -> str:
    """Return what a quota counts and over which time."""
    hours = round(state.window / timedelta(hours=1))
    return tr("{what} in {hours} hours", what=tr(_KINDS[state.kind]), hours=hours)


def left_words(state: QuotaState) -> str:
    """Return how many are left."""
    locale = QLocale()
    return tr("{left} of {total} left", left=locale.toString(state.remaining), total=locale.toString(state.total))


def frees_words(state: QuotaState, now: datetime, zone: str) -> str:
    """Return when the next one comes back; empty while there are plenty."""
    if state.frees_at is None or state.remaining * 2 > state.total:
        return ""
    return tr("The next one comes back {moment}", moment=_moment(state.frees_at, now, zone))


def reading_words(limits: AccountLimits, now: datetime, zone: str) -> str:
    """Return how reading in the background stands."""
    if limits.read_wait is not None and limits.read_wait.reason is not WaitReason.SLOWED:
        return wait_words(limits.read_wait, now, zone)
    if limits.percent >= SLOW_PERCENT:
        return tr("Reads are spread out, so that posts get through")
    return ""


def wait_words(wait: WaitUntil, now: datetime, zone: str) -> str:
    """Return why something waits, and until when."""
    moment = _moment(wait.at, now, zone)
    match wait.reason:
        case WaitReason.REGAIN:
            return tr("The network asked to wait until {moment}", moment=moment)
        case WaitReason.RESTING:
            return tr("The network refused the account for a while; it rests until {moment}", moment=moment)
        case WaitReason.RESERVED:
            return tr("The rest is kept for posts that are due soon, until {moment}", moment=moment)
        case WaitReason.FULL:
            return tr("Reading is paused until {moment}; posts still go out", moment=moment)
        case WaitReason.QUOTA:
            return tr("All posts of the last hours are used up; looked at again {moment}", moment=moment)
        case WaitReason.BUSY | WaitReason.SLOWED:
            return tr("Reads are spread out; try again in a moment")


def state_words(limits: AccountLimits, now: datetime, zone: str) -> tuple[str, Status]:
    """Return whether posts can go out, in a few words, and the look of it."""
    wait = limits.publish_wait
    if wait is not None and wait.reason is WaitReason.QUOTA:
        return tr("No posts left"), "warning"
    if wait is not None:
        return tr("Posts wait until {moment}", moment=_moment(wait.at, now, zone)), "warning"
    scarce = [q for q in limits.quotas if q.kind in (QuotaKind.POSTS, QuotaKind.REELS) and q.remaining * 5 <= q.total]
    if scarce:
        return trn("{count} post left", "{count} posts left", min(q.remaining for q in scarce)), "warning"
    return tr("Room for posts"), "ok"


def told_words(limits: AccountLimits, now: datetime, zone: str) -> str:
    """Return how old the numbers are, and whose they are."""
    if limits.account.network is Network.FACEBOOK:
        return tr("Facebook tells no number of posts; only reels are limited. They are counted here.")
    if all(quota.read_at is None for quota in limits.quotas):
        return tr("The network has not been asked yet: these are its usual numbers, less what was published here.")
    oldest = min(quota.read_at for quota in limits.quotas if quota.read_at is not None)
    return tr("As the network said {moment}, with what was published since", moment=_moment(oldest, now, zone))


def _moment(at: datetime, now: datetime, zone: str) -> str:
    return moment_words(local_time(at, zone), local_time(now, zone))
