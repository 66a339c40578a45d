"""The error envelope of the Graph API and the refusals the imitation knows (the networks' error pages)."""

from __future__ import annotations

from dataclasses import dataclass

JSON = None | bool | int | float | str | list["JSON"] | dict[str, "JSON"]
"""Anything a JSON document can hold."""


@dataclass(slots=True)
class GraphError(Exception):
    """A refusal; ``code`` may be a symbolic string on Threads. ``status`` is the HTTP status."""

    message: str
    code: int | str = 100
    subcode: int | None = None
    status: int = 400
    kind: str = "OAuthException"
    title: str = ""
    advice: str = ""
    is_transient: bool = False
    blamed: str = ""

    def body(self, trace_id: str) -> JSON:
        """Return the envelope ``{"error": {...}}``; fields without a value are left out, as Meta does."""
        error: dict[str, JSON] = {"message": self.message, "type": self.kind, "code": self.code}
        if self.subcode is not None:
            error |= {"error_subcode": self.subcode, "is_transient": self.is_transient}
        if self.title:
            error |= {"error_user_title": self.title, "error_user_msg": self.advice}
        if self.blamed:
            error["error_data"] = {"blame_field_specs": [[self.blamed]]}
        return {"error": error | {"fbtrace_id": trace_id}}


def bad_parameter(message: str, *, subcode: int | None = None, blamed: str = "") -> GraphError:
    """Code 100: a parameter the network does not take."""
    return GraphError(f"(#100) {message}", 100, subcode, blamed=blamed)


def unknown_object(object_id: str) -> GraphError:
    """Code 100/33: no such object, or not for this token; the network does not tell which."""
    return GraphError(
        f"Unsupported request. Object with ID '{object_id}' does not exist, cannot be loaded due to missing "
        "permissions, or does not support this operation",
        100,
        33,
        kind="GraphMethodException",
    )


def threads_not_found(media_id: str) -> GraphError:
    """24/4279009: the answer of ``threads_publish`` to a container that is unknown, lost or not ready."""
    return GraphError(
        "The requested resource does not exist",
        24,
        4279009,
        title="Media Not Found",
        advice=f"The media with id {media_id} cannot be found.",
    )


def instagram_not_found(media_id: str) -> GraphError:
    """24/2207006: unknown container on Instagram."""
    return GraphError(
        "The requested resource does not exist",
        24,
        2207006,
        title="Media Not Found",
        advice=f"The media with id {media_id} cannot be found.",
    )


def instagram_expired(media_id: str) -> GraphError:
    """24/2207008: the container lived longer than a day."""
    return GraphError(
        "The requested resource does not exist",
        24,
        2207008,
        title="Media builder not found",
        advice=f"The media builder {media_id} does not exist or has expired.",
    )


def instagram_not_ready() -> GraphError:
    """9007/2207027: publishing before the container is FINISHED."""
    return GraphError(
        "Media ID is not available",
        9007,
        2207027,
        title="Cannot publish",
        advice="The media is not ready for publishing, please wait a moment.",
    )


def already_published() -> GraphError:
    """The answer to a second publish when republishing is refused (assumed by mock servers; no document says)."""
    return GraphError("(#100) The container has already been published", 100)


def quota_reached() -> GraphError:
    """9/2207042: the rolling 24 h publishing quota is used up."""
    return GraphError(
        "Application request limit reached",
        9,
        2207042,
        status=403,
        title="Too many posts",
        advice="The account reached the maximum number of posts for 24 hours.",
    )


def media_unreachable(url: str) -> GraphError:
    """9004/2207052: the media address could not be fetched."""
    return GraphError(
        "Only photo or video can be accepted as media type.",
        9004,
        2207052,
        title="Media download failed",
        advice=f"The media could not be fetched from this address: {url}",
    )


def missing_permission(scope: str, code: int = 10) -> GraphError:
    """Code 10 (200 on Pages): the token lacks ``scope``."""
    return GraphError(f"(#{code}) Requires the {scope} permission", code, status=403)


_DEAD = {
    458: "Error validating access token: The user has not authorized the application.",
    459: "Error validating access token: The user must log in at the network first.",
    460: "Error validating access token: The session was invalidated because the password was changed.",
    463: "Error validating access token: Session has expired.",
    467: "The access token is invalid since the user logged out.",
    492: "Error validating access token: The user no longer has a role on the Page.",
}


def dead_token(subcode: int, *, status: int = 400) -> GraphError:
    """190 with the subcode that tells why the token died."""
    return GraphError(_DEAD.get(subcode, "Error validating access token."), 190, subcode, status=status)


def unreadable_token(*, status: int = 400) -> GraphError:
    """190: no token, an unknown one, or one of another host family."""
    return GraphError("Invalid OAuth access token - Cannot parse access token", 190, status=status)
