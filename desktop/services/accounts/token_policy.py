"""When a token is renewed, and what people are told about its end; pure rules (``meta-api.md`` §1, refresh policy)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from desktop.domain.accounts import Account, AccountId, LoginKind
from desktop.domain.networks import Network
from desktop.kit.i18n import tr, trn

LEAST_AGE = timedelta(hours=24)
RENEW_BEFORE_END = timedelta(days=30)
WARNING_DAYS = (14, 7, 3, 1)
PERSON_LIFE = timedelta(days=60)  # of the Facebook person's token; Pages go on publishing after it
_DAY = timedelta(days=1)
_RENEWABLE = frozenset({LoginKind.THREADS, LoginKind.INSTAGRAM})


def can_be_renewed(account: Account) -> bool:
    """Whether the network offers it at all: Facebook's tokens only come from its dialog."""
    return account.login in _RENEWABLE


def is_old_enough(account: Account, now: datetime) -> bool:
    """Whether the token is a day old; nobody told when a pasted one was made, so connecting counts."""
    return now - (account.token_issued_at or account.connected_at) >= LEAST_AGE


def wants_renewal(account: Account, now: datetime) -> bool:
    """Whether the token should be renewed now.

    One whose end nobody told is renewed once a month, beginning with its second day. One that has ended by this
    computer's clock is tried as well: the clock may be wrong.
    """
    if not can_be_renewed(account) or not is_old_enough(account, now):
        return False
    if account.token_expires_at is not None:
        return account.token_expires_at - now <= RENEW_BEFORE_END
    return account.token_refreshed_at is None or now - account.token_refreshed_at >= RENEW_BEFORE_END


class NoticeKind(StrEnum):
    """What ends."""

    TOKEN = "token"  # noqa: S105 - publishing stops with it
    RENEWAL = "renewal"  # it could not be renewed so far; trying goes on
    SIGN_IN = "sign_in"  # the Facebook person's own; Pages go on
    DATA_ACCESS = "data_access"  # Instagram through Facebook stops answering


@dataclass(frozen=True, slots=True)
class AccountNotice:
    """Something about an account that ends at ``ends_at``.

    ``threshold`` is the warning reached: 14, 7, 3 or 1 days, 0 once it is over, None long before. A notice of the same
    kind, end and threshold is the same notice.
    """

    account_id: AccountId
    username: str
    kind: NoticeKind
    ends_at: datetime
    threshold: int | None
    days_left: int

    @property
    def words(self) -> str:
        """One sentence for the person."""
        if self.threshold == 0:
            return tr(_OVER[self.kind], name=self.username)
        days = trn("in {count} day", "in {count} days", self.days_left)
        return tr(_AHEAD[self.kind], name=self.username, when=days)

    @property
    def advice(self) -> str:
        """What to do about it."""
        return tr(_ADVICE[self.kind])


def notices(account: Account, now: datetime, *, renewal_fails: bool = False) -> tuple[AccountNotice, ...]:
    """Return what to tell about an account now; ``renewal_fails`` when the last try to renew did not work."""
    return tuple(_notices(account, now, renewal_fails))


def renews_until(account: Account) -> datetime | None:
    """Return until when the program must have run once for the token to be renewed; None when it need not."""
    return account.token_expires_at if can_be_renewed(account) else None


def _notices(account: Account, now: datetime, renewal_fails: bool) -> Iterator[AccountNotice]:
    if (end := account.token_expires_at) is not None:
        threshold = _threshold(end, now)
        if threshold is not None:
            yield _notice(account, NoticeKind.TOKEN, end, now)
        elif renewal_fails:
            yield _notice(account, NoticeKind.RENEWAL, end, now)
    if account.login is LoginKind.FACEBOOK_PAGE:
        if account.token_expires_at is None and account.token_issued_at is not None:
            yield from _if_near(account, NoticeKind.SIGN_IN, account.token_issued_at + PERSON_LIFE, now)
        # the permissions of Pages are exempt from the 90 days, those of Instagram are not (meta-api.md §1a)
        if account.network is Network.INSTAGRAM and account.data_access_expires_at is not None:
            yield from _if_near(account, NoticeKind.DATA_ACCESS, account.data_access_expires_at, now)


def _if_near(account: Account, kind: NoticeKind, end: datetime, now: datetime) -> Iterator[AccountNotice]:
    if _threshold(end, now) is not None:
        yield _notice(account, kind, end, now)


def _notice(account: Account, kind: NoticeKind, end: datetime, now: datetime) -> AccountNotice:
    days_left = max(-(-(end - now) // _DAY), 0)
    return AccountNotice(account.id, account.username, kind, end, _threshold(end, now), days_left)


def _threshold(end: datetime, now: datetime) -> int | None:
    left = end - now
    if left <= timedelta(0):
        return 0
    return min((days for days in WARNING_DAYS if left <= days * _DAY), default=None)


_AHEAD = {
    NoticeKind.TOKEN: "The connection of {name} ends {when}.",
    NoticeKind.RENEWAL: "The connection of {name} could not be renewed yet; it ends {when}.",
    NoticeKind.SIGN_IN: "The sign-in behind {name} ends {when}. Posts go out all the same.",
    NoticeKind.DATA_ACCESS: "Facebook stops answering about {name} {when}.",
}
_OVER = {
    NoticeKind.TOKEN: "The connection of {name} has ended.",
    NoticeKind.RENEWAL: "The connection of {name} has ended.",
    NoticeKind.SIGN_IN: "The sign-in behind {name} has ended. Posts go out all the same.",
    NoticeKind.DATA_ACCESS: "Facebook no longer answers about {name}.",
}
_ADVICE = {
    NoticeKind.TOKEN: "Connect the account again; its queue is kept.",
    NoticeKind.RENEWAL: "Tidings goes on trying. Stay online for a while, or connect the account again.",
    NoticeKind.SIGN_IN: "Connect the Page again when it suits you.",
    NoticeKind.DATA_ACCESS: "Connect the account again through Facebook.",
}
