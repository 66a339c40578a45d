"""The permissions each dialog knows (scope tables of the three logins)."""

from __future__ import annotations

from desktop.sandbox.model import Network
from desktop.sandbox.seeding import FACEBOOK_SCOPES, INSTAGRAM_SCOPES, THREADS_SCOPES

MANDATORY = {
    Network.THREADS: "threads_basic",
    Network.INSTAGRAM: "instagram_business_basic",
    Network.FACEBOOK: "public_profile",
}
"""What cannot be unticked."""
KNOWN = {
    Network.THREADS: THREADS_SCOPES,
    Network.INSTAGRAM: INSTAGRAM_SCOPES,
    Network.FACEBOOK: [
        "public_profile",
        "email",
        *FACEBOOK_SCOPES,
        "business_management",
        "pages_messaging",
        "ads_read",
        "ads_management",
    ],
}
