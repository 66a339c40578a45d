"""Which relay this workspace uses, and the keys that belong to it.

The address and the name of the key are settings; the key itself is in the secret store. The environment stands above
both, with the variables each store's own tools read.
"""

from __future__ import annotations

from collections.abc import Mapping

from desktop.domain.errors import InvalidInput, SecretStoreUnavailable
from desktop.kit.i18n import tr
from desktop.services.accounts.ports import SecretStore
from desktop.services.changes import Change, ChangeFeed, Noun
from desktop.services.hosting.errors import RelayCredentialsMissing, RelayKeysLocked
from desktop.services.hosting.relays import Relay, RelayCredentials, given_credentials, read_relay
from desktop.services.unit_of_work import Storage

RELAY = "hosting.relay"
RELAY_SECRET = "relay"  # noqa: S105 - the name of the secret


class RelaySettings:
    """Reads and changes the relay of a workspace; safe to share between threads."""

    def __init__(
        self,
        storage: Storage,
        secrets: SecretStore,
        changes: ChangeFeed,
        environment_url: str = "",
        variables: Mapping[str, str] | None = None,
    ) -> None:
        """``variables`` are those of ``STORE_VARIABLES`` that are set; ``InvalidInput`` for a wrong address."""
        self._storage, self._secrets, self._changes = storage, secrets, changes
        self._given = read_relay(environment_url) if environment_url else None
        self._variables = variables or {}
        self._known: tuple[Relay | None] | None = None
        changes.subscribe(self._on_change)

    @property
    def is_given(self) -> bool:
        """Whether the environment names the relay."""
        return self._given is not None

    def current(self) -> Relay | None:
        """Return the relay in use, or None."""
        if self._given is not None:
            return self._given
        known = self._known
        if known is None:
            stored = self._stored()
            self._known = known = (None if stored is None else stored[0],)
        return known[0]

    def choose(self, url: str, key_id: str = "", secret: str = "") -> Relay:
        """Use a relay from now on, with its keys (empty: those of the environment, or stored for the same place).

        ``InvalidInput``, ``InsecureAddress``, ``SecretStoreUnavailable``; nothing has changed then.
        """
        relay, stored = read_relay(url), self._stored()
        if self._given is not None:
            raise InvalidInput(field="TIDINGS_RELAY_URL", reason=tr("it is set and stands above the setting"))
        if secret:
            self._secrets.put(RELAY_SECRET, secret)
        elif stored is None or stored[0].location != relay.location:
            self._secrets.remove(RELAY_SECRET)
        elif not key_id:
            key_id = stored[1]
        with self._storage.write() as uow:
            uow.settings.put(RELAY, {"url": str(relay), "key_id": key_id})
            uow.commit()
        self._changes.announce(Noun.SETTINGS, (RELAY,))
        return relay

    def forget(self) -> None:
        """Use no relay any more and forget its keys; one of the environment stays."""
        if self._stored() is None:
            return
        with self._storage.write() as uow:
            uow.settings.remove(RELAY)
            uow.commit()
        self._secrets.remove(RELAY_SECRET)
        self._changes.announce(Noun.SETTINGS, (RELAY,))

    def credentials(self, relay: Relay) -> RelayCredentials:
        """Return the keys for a relay; ``RelayCredentialsMissing``, ``RelayKeysLocked``.

        Stored keys are sent to no place but the one they were stored for.
        """
        stored = self._stored()
        if stored is not None and stored[0].location == relay.location:
            try:
                secret = self._secrets.get(RELAY_SECRET)
            except SecretStoreUnavailable as error:
                raise RelayKeysLocked(reason=error.title) from error
            if secret:
                return RelayCredentials(stored[1], secret)
        found = given_credentials(relay.kind, self._variables)
        if found is None:
            raise RelayCredentialsMissing(relay=str(relay))
        return found

    def _stored(self) -> tuple[Relay, str] | None:
        with self._storage.read() as uow:
            value = uow.settings.all().get(RELAY)
        return (read_relay(str(value["url"])), str(value["key_id"])) if isinstance(value, dict) else None

    def _on_change(self, change: Change) -> None:
        if change.noun is Noun.SETTINGS:
            self._known = None
