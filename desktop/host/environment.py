"""The ``TIDINGS_*`` variables, read once.

Read by hand: a settings library costs every command a third of a second for a dozen variables.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from desktop.domain.errors import InvalidInput
from desktop.kit.i18n import tr
from desktop.services.hosting.relays import STORE_VARIABLES

NETWORK_ADDRESSES = (
    "facebook_graph_url",
    "facebook_dialog_url",
    "facebook_upload_url",
    "instagram_graph_url",
    "instagram_oauth_url",
    "instagram_dialog_url",
    "threads_graph_url",
    "threads_dialog_url",
)


class SecretStoreKind(StrEnum):
    """Where the key to the tokens is kept."""

    KEYRING = "keyring"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Environment:
    """The variables that matter once the profile is known.

    ``secret_store`` is None when they do not say: the profile's encrypted file if it has one, else the keychain.
    ``networks`` holds the addresses that are set, by lower-case name without the prefix (``threads_graph_url``);
    whoever uses them checks them; so is ``relay_url``. ``store_variables`` are those that the tools of S3, Azure and
    Google stores read for their keys. Neither they nor the passphrase show in a repr.
    """

    secret_store: SecretStoreKind | None = None
    passphrase: str = field(default="", repr=False)
    networks: Mapping[str, str] = field(default_factory=dict)
    relay_url: str = ""
    store_variables: Mapping[str, str] = field(default_factory=dict, repr=False)


def read_environment(variables: Mapping[str, str] | None = None) -> Environment:
    """Read ``variables`` (default: the process's own); ``InvalidInput`` for a value we cannot use."""
    found = os.environ if variables is None else variables
    if found.get("TIDINGS_DATABASE_URL"):
        # refused rather than ignored: a team's posts written into a file of one's own would look lost
        raise InvalidInput(field="TIDINGS_DATABASE_URL", reason=tr("this version keeps its data in the profile only"))
    addresses = ((name, found.get(f"TIDINGS_{name.upper()}")) for name in NETWORK_ADDRESSES)
    return Environment(
        secret_store=_secret_store(found.get("TIDINGS_SECRET_STORE")),
        passphrase=found.get("TIDINGS_PASSPHRASE", ""),
        networks={name: address for name, address in addresses if address},
        relay_url=found.get("TIDINGS_RELAY_URL", ""),
        store_variables={name: found[name] for name in STORE_VARIABLES if found.get(name)},
    )


def _secret_store(value: str | None) -> SecretStoreKind | None:
    try:
        return SecretStoreKind(value) if value else None
    except ValueError:
        raise InvalidInput(field="TIDINGS_SECRET_STORE", reason=tr("it must be “keyring” or “file”")) from None
