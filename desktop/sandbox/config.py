"""The knobs of the imitation; ``POST /_sandbox/config`` changes any of them while it runs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from desktop.sandbox.facebook_switches import FacebookSwitches
from desktop.sandbox.network_switches import NetworkSwitches
from desktop.sandbox.signin_switches import SignInSwitches


class Republish(StrEnum):
    """What publishing something already published does; no document of Meta says which is true."""

    REJECT = "reject"
    IDEMPOTENT = "idempotent"
    DUPLICATE = "duplicate"


@dataclass(slots=True)
class SandboxConfig(NetworkSwitches, FacebookSwitches, SignInSwitches):
    """Behaviour of one sandbox. Durations are seconds of the sandbox clock unless a name says otherwise."""

    republish: Republish = Republish.REJECT
    listing_delay_seconds: float = 0.0
    """How long a new post stays out of listings; reading it by id always works."""
    published_status_delay_seconds: float = 0.0
    """How long a published container still reads FINISHED."""
    processing_factor: float = 1.0
    """Multiplies the time containers need (text 0-1 s, image 1-2 s, video 5-10 s); 0 makes them ready at once."""
    container_life_seconds: float = 86_400.0
    threads_quota_total: int = 250
    threads_reply_quota_total: int = 1000
    threads_delete_quota_total: int = 100
    instagram_quota_total: int = 50
    instagram_container_total: int = 400
    app_calls_per_hour: int = 200_000
    account_calls_per_day: int = 480_000
    """Ceilings behind the usage headers; the percentages count towards them, and at 100 calls are refused."""
    fetch_any_host: bool = False
    """Fetch media from anywhere; off, every host that is not loopback counts as unreachable."""
    fetch_timeout_seconds: float = 10.0
    """Real seconds for one media address."""
    unscaled_instagram_width: bool = True
    """Refuse Instagram pictures outside 320..1440 pixels instead of scaling them silently."""
