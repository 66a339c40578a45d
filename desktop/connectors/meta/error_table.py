"""What each error of Meta's networks means for us: the rows of ``meta-api.md`` §5, as data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from desktop.domain.errors import FailureKind as K


@dataclass(frozen=True, slots=True)
class ErrorRow:
    """One meaning.

    ``code`` None: ``subcode`` is unique on its own and may come as code or as subcode. ``last_code`` makes ``code`` the
    start of a range. ``on_read``/``on_create`` differ from ``kind`` where the call makes a difference.

    ``refuses_publish``: this row is on the short list of answers that prove a publish call had no effect; with
    ``any_subcode`` also under a subcode that has no row. ``cool_down``: how long to leave the account alone when the
    network names no time.
    """

    kind: K
    meaning: str
    code: int | None = None
    subcode: int | None = None
    symbol: str | None = None
    last_code: int | None = None
    on_read: K | None = None
    on_create: K | None = None
    refuses_publish: bool = False
    any_subcode: bool = False
    cool_down: timedelta | None = None


_DAY = timedelta(days=1)

ERROR_TABLE: tuple[ErrorRow, ...] = (
    # symbolic codes, Threads and Instagram
    ErrorRow(K.BAD_INPUT, "too many links", symbol="THREADS_API__LINK_LIMIT_EXCEEDED"),
    ErrorRow(K.BAD_INPUT, "wrong country list", symbol="THREADS_API__GEO_GATING_INVALID_COUNTRY_CODES"),
    ErrorRow(K.BAD_INPUT, "wrong place", symbol="INSTAGRAM_PLATFORM_API__INVALID_LOCATION_ID"),
    ErrorRow(K.PERMISSION, "feature not available", symbol="THREADS_API__FEATURE_NOT_AVAILABLE"),
    # the service itself
    ErrorRow(K.TRANSIENT_RETRY, "unknown error", 1),
    ErrorRow(K.BAD_INPUT, "cover outside the video", 1, 2207057),
    ErrorRow(K.TRANSIENT_RETRY, "service down", 2),
    ErrorRow(K.TRANSIENT_RETRY, "Instagram server error", -1, 2207001),
    ErrorRow(K.TRANSIENT_RETRY, "creating failed", -1, 2207032),
    ErrorRow(K.RECREATE_CONTAINER, "upload failed", -1, 2207053),
    ErrorRow(K.TRANSIENT_RETRY, "download took too long", -2, 2207003),
    ErrorRow(K.RECREATE_CONTAINER, "media expired", -2, 2207020),
    ErrorRow(K.TRANSIENT_RETRY, "temporarily unavailable", subcode=1363047),
    ErrorRow(K.TRANSIENT_RETRY, "temporarily unavailable", subcode=1609010),
    # limits
    ErrorRow(K.RATE_WAIT, "app limit", 4),
    ErrorRow(K.AMBIGUOUS, "blocked as spam, though the post may be live", 4, 2207051, cool_down=_DAY),
    ErrorRow(K.QUOTA_WAIT, "Instagram posts of 24 hours used up", 9, 2207042, refuses_publish=True),
    ErrorRow(K.RATE_WAIT, "user limit", 17),
    ErrorRow(K.RATE_WAIT, "user limit of ads", 17, 2446079),
    ErrorRow(K.RATE_WAIT, "Page limit", 32),
    ErrorRow(K.RATE_WAIT, "app limit", 341),
    ErrorRow(K.RATE_WAIT, "custom limit", 613),
    ErrorRow(K.RATE_WAIT, "sudden rise of calls", 613, 1996),
    ErrorRow(K.RATE_WAIT, "limits of business use cases: ads, Pages, Instagram, Messenger", 80000, last_code=80014),
    # permissions and tokens
    ErrorRow(K.PERMISSION, "app lacks the capability", 3),
    ErrorRow(K.PERMISSION, "permission missing", 10, refuses_publish=True),
    ErrorRow(K.PERMISSION, "permission missing", 200, last_code=299, refuses_publish=True),
    ErrorRow(K.PERMISSION, "wrong app id for Threads", subcode=4476002),
    ErrorRow(K.REAUTH, "session invalid", 102),
    ErrorRow(K.REAUTH, "token invalid", 190, refuses_publish=True, any_subcode=True),
    ErrorRow(K.REAUTH, "app removed by the person", 190, 458, refuses_publish=True),
    ErrorRow(K.ACCOUNT_ACTION, "sign-in needed on the site", 190, 459, refuses_publish=True),
    ErrorRow(K.REAUTH, "password changed", 190, 460, refuses_publish=True),
    ErrorRow(K.REAUTH, "token expired", 190, 463, refuses_publish=True),
    ErrorRow(K.ACCOUNT_ACTION, "unconfirmed person", 190, 464, refuses_publish=True),
    ErrorRow(K.REAUTH, "logged out", 190, 467, refuses_publish=True),
    ErrorRow(K.REAUTH, "no role on this Page any more", 190, 492, refuses_publish=True),
    # a missing object, a missing right and a passing flake look the same
    ErrorRow(K.PERMISSION, "object missing or out of reach", 33, on_read=K.TRANSIENT_RETRY),
    ErrorRow(K.PERMISSION, "object missing or out of reach", 100, 33, on_read=K.TRANSIENT_RETRY),
    # containers
    ErrorRow(K.RECREATE_CONTAINER, "Instagram container not found", 24, 2207006),
    ErrorRow(K.RECREATE_CONTAINER, "container builder expired", 24, 2207008, on_create=K.TRANSIENT_RETRY),
    ErrorRow(K.NOT_READY, "Threads media not found", 24, 4279009, refuses_publish=True),
    ErrorRow(K.NOT_READY, "container not ready", 9007, 2207027, refuses_publish=True),
    ErrorRow(K.RECREATE_CONTAINER, "media could not be fetched", 9004, 2207052),
    ErrorRow(K.RECREATE_CONTAINER, "processing failed", subcode=2207076),
    ErrorRow(K.RECREATE_CONTAINER, "upload failed", subcode=2207082),
    ErrorRow(K.RECREATE_CONTAINER, "download or processing failed", subcode=2207077),
    # content
    ErrorRow(K.BAD_INPUT, "bad parameter", 100),
    ErrorRow(K.BAD_INPUT, "unknown media type", 100, 2207023),
    ErrorRow(K.BAD_INPUT, "wrong number of carousel items", 100, 2207028),
    ErrorRow(K.BAD_INPUT, "product tags", 100, 2207035),
    ErrorRow(K.BAD_INPUT, "product tags", 100, 2207036),
    ErrorRow(K.BAD_INPUT, "product tags", 100, 2207037),
    ErrorRow(K.BAD_INPUT, "too many tagged people", 100, 2207040),
    ErrorRow(K.BAD_INPUT, "video format", 352, 2207026),
    ErrorRow(K.BAD_INPUT, "image too large", 36000, 2207004),
    ErrorRow(K.BAD_INPUT, "image format", 36001, 2207005),
    ErrorRow(K.BAD_INPUT, "image ratio", 36003, 2207009),
    ErrorRow(K.BAD_INPUT, "caption or tags too long", 36004, 2207010),
    ErrorRow(K.BAD_INPUT, "trial reels not available", subcode=2207081),
    ErrorRow(K.BAD_INPUT, "photo size or format", subcode=1366046),
    ErrorRow(K.BAD_INPUT, "bad file", subcode=2069019),
    ErrorRow(K.BAD_INPUT, "bad format", subcode=1349125),
    ErrorRow(K.BAD_INPUT, "bad address", subcode=2061006),
    ErrorRow(K.BAD_INPUT, "link to Facebook itself", subcode=1609008),
    ErrorRow(K.BAD_INPUT, "link could not be read", subcode=1609005),
    # repeats
    ErrorRow(K.DUPLICATE, "repeated content", 368, 1404082),
    ErrorRow(K.DUPLICATE, "duplicate post", 506),
    ErrorRow(K.DUPLICATE, "photos already posted", subcode=1366051),
    # the person has to act
    ErrorRow(K.ACCOUNT_ACTION, "account restricted or inactive", 25, 2207050),
    ErrorRow(K.ACCOUNT_ACTION, "policy block", 368),
    ErrorRow(K.RATE_WAIT, "posting too fast", 368, 1390008, cool_down=3 * _DAY),
    ErrorRow(K.ACCOUNT_ACTION, "identity confirmation", 368, 4854002),
    ErrorRow(K.ACCOUNT_ACTION, "Threads account restricted", subcode=4279013),
    ErrorRow(K.ACCOUNT_ACTION, "abusive content", subcode=1346003),
    ErrorRow(K.ACCOUNT_ACTION, "community standards", subcode=1404102),
    ErrorRow(K.ACCOUNT_ACTION, "account limited", subcode=1404112),
    ErrorRow(K.ACCOUNT_ACTION, "security check", subcode=1404006),
    ErrorRow(K.ACCOUNT_ACTION, "Page publishing authorisation", subcode=1404078),
)
