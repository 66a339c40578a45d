"""The connection doctor: looks at one account from every side and says what is wrong and what to press."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from desktop.domain.accounts import Account, AccountId
from desktop.domain.errors import InvalidInput, RemoteFailure
from desktop.domain.networks import Network
from desktop.domain.permissions import missing_for_publishing
from desktop.kit.clock import Clock
from desktop.services.accounts.findings import Finding, Press, Severity, finding, finding_of
from desktop.services.accounts.ports import SignInGateway, TokenFacts, TokenGrant
from desktop.services.accounts.service import AccountService
from desktop.services.accounts.token_policy import NoticeKind, notices
from desktop.services.publishing.ports import RemoteAccount

LARGEST_SKEW = timedelta(minutes=1)
# Facebook takes pictures as bytes; the other two fetch them
_FETCHING = frozenset({Network.THREADS, Network.INSTAGRAM})


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The account as it is now and what was found, the gravest first; never empty.

    ``failure`` is set when the network gave no clear answer, which says nothing about the account.
    """

    account: Account
    findings: tuple[Finding, ...]
    failure: RemoteFailure | None = None

    @property
    def is_well(self) -> bool:
        """Whether posts can go out."""
        return all(found.severity is not Severity.PROBLEM for found in self.findings)


class ConnectionDoctor:
    """Examines accounts; safe to share between threads."""

    def __init__(
        self,
        accounts: AccountService,
        gateway: Callable[[], SignInGateway],
        clock: Clock,
        has_relay: Callable[[], bool],
    ) -> None:
        """``has_relay`` tells whether the networks can fetch files from us."""
        self._accounts, self._gateway, self._clock = accounts, gateway, clock
        self._has_relay = has_relay

    def examine(self, account_id: AccountId) -> Diagnosis:
        """Check the account as ``AccountService.check`` does, then look further; several requests.

        ``NotFound``, ``SecretStoreUnavailable``, ``SandboxUnavailable``; what the network says becomes a finding.
        """
        account, unanswered = self._accounts.get(account_id), None
        found = [*self._of_clock(account)]
        try:
            account = self._accounts.check(account_id)
            found += self._of_token(account)
        except RemoteFailure as failure:
            unanswered = failure
            found.append(finding_of(failure, account.username))
        found += self._of_dates(account)
        if account.can_publish and all(each.severity is not Severity.PROBLEM for each in found):
            found.append(finding("fine", Severity.FINE, name=account.username))
        return Diagnosis(account, tuple(sorted(found, key=lambda each: each.severity)), unanswered)

    def _of_clock(self, account: Account) -> Iterator[Finding]:
        try:
            ahead = self._gateway().clock_ahead(account.network)
        except RemoteFailure:
            return  # the next question says that nobody answers
        if ahead is not None and abs(ahead) > LARGEST_SKEW:
            yield finding("clock_wrong", Severity.WARNING, minutes=round(abs(ahead) / timedelta(minutes=1)))

    def _of_token(self, account: Account) -> Iterator[Finding]:
        token = self._accounts.known_token(account.id)
        if token is None:
            yield finding("no_token", name=account.username)
            return
        try:
            self._gateway().probe(RemoteAccount(account.network, account.login, account.remote_id, token))
        except InvalidInput:
            yield finding("personal_account", name=account.username)
            return
        except RemoteFailure as failure:
            yield finding_of(failure, account.username)
            return
        yield from self._of_permissions(account, token)
        if not self._has_relay() and account.network in _FETCHING:
            yield finding("relay_missing", Severity.WARNING, network=account.network.label)

    def _of_permissions(self, account: Account, token: str) -> Iterator[Finding]:
        """What the token may do, what the person may do on the Page, and whether Facebook still tells about them."""
        facts = self._facts(account, token)
        scopes = (facts.scopes if facts is not None else ()) or account.scopes
        missing = missing_for_publishing(account.network, account.login, scopes)
        if missing:
            yield finding("missing_scope", name=account.username, scopes=", ".join(missing))
        elif self._has_lost_role(account):
            yield finding("page_role_lost", name=account.username)

    def _facts(self, account: Account, token: str) -> TokenFacts | None:
        try:
            facts = self._gateway().inspect(account.login.network, token)
        except RemoteFailure:
            return None
        if facts is not None:
            self._accounts.learn(account.id, facts)
        return facts

    def _has_lost_role(self, account: Account) -> bool:
        """Ask as the person behind the Page, whose own token does not tell of a smaller role.

        A Page that is not listed proves nothing: taking the whole role away ends its token.
        """
        if account.grantor_id is None or (token := self._accounts.person_token(account.grantor_id)) is None:
            return False
        grant = TokenGrant(token, account.token_issued_at or account.connected_at, scopes=account.scopes)
        try:
            reached = self._gateway().candidates(Network.FACEBOOK, grant)
        except RemoteFailure:
            return False  # the person's own token may have run out, which Pages outlive
        return any(each.remote_id == account.remote_id and not each.can_be_chosen for each in reached)

    def _of_dates(self, account: Account) -> Iterator[Finding]:
        for notice in notices(self._accounts.get(account.id), self._clock.now()):
            if notice.kind is NoticeKind.DATA_ACCESS and notice.threshold == 0:
                yield finding("data_access_ended", name=account.username)
            else:
                yield Finding(f"{notice.kind}_ends", Severity.WARNING, notice.words, notice.advice, Press.CONNECT)
