"""A program that ends in bugs with secrets in their messages: on a thread and on the main thread.

Run with the variables of a profile: ``argv[1]`` is the name of a secret that is kept, ``argv[2]`` of one to keep first,
whose text is read from standard input.
"""

from __future__ import annotations

import logging
import sys
import threading

from desktop.bootstrap.container import build_container
from desktop.host.environment import read_environment
from desktop.host.log import install_excepthooks, logging_to
from desktop.host.paths import find_profile


class UpstreamError(Exception):
    """A bug of ours, or of a library, that puts into words what it has in hand."""


def fail(secret: str) -> None:
    """Fail with the secret in a frame, in the message and in the cause."""
    try:
        raise KeyError(secret)
    except KeyError as error:
        raise UpstreamError(f"cannot handle {secret!r} of /me?access_token={secret}") from error


def main() -> None:
    """Crash twice."""
    kept, fresh = sys.argv[1:]
    install_excepthooks()
    profile = find_profile(None)
    with logging_to(profile.logs, "command", verbose=True):
        container = build_container(profile, read_environment())
        try:
            container.secrets.put(fresh, sys.stdin.read())
            container.secrets.rotate_key()
            known, new = container.secrets.get(kept), container.secrets.get(fresh)
            assert known is not None
            assert new is not None
            logging.getLogger("desktop").warning("about to crash with %s and %s", known, new)
            thread = threading.Thread(target=fail, args=(new,))
            thread.start()
            thread.join()
            fail(known)
        finally:
            container.close()


if __name__ == "__main__":
    main()
