"""The mark each network wears in the window."""

from __future__ import annotations

from desktop.domain.networks import Network

NETWORK_ICONS: dict[Network, str] = {
    Network.THREADS: "brand-threads",
    Network.INSTAGRAM: "brand-instagram",
    Network.FACEBOOK: "brand-facebook",
}
"""Icon name (``resources/icons``) per network; the colour comes from the account's hue."""
