"""A process of its own that works on a database: ``python -m tests.support.storage_process WHAT PATH [NUMBER]``.

``count``: add NUMBER to a stored counter, one by one. ``write``: store posts for ever and print each id once it is
committed. ``fill``: store posts until something refuses, with files limited to NUMBER bytes; then lift the limit.
``open``: open, and say what refused it.
"""

from __future__ import annotations

import sys
from pathlib import Path

from desktop.domain.errors import TidingsError
from desktop.domain.posts import PostId
from desktop.storage.database import open_storage
from desktop.storage.unit_of_work import SqlStorage
from tests.support.stored_things import a_post, put


def count(storage: SqlStorage, number: int) -> None:
    for _ in range(number):
        with storage.write() as unit:
            found = unit.settings.all().get("count", 0)
            assert isinstance(found, int)
            unit.settings.put("count", found + 1)
            unit.commit()


def write(storage: SqlStorage) -> None:
    while True:
        post = a_post("x" * 2000)
        put(storage, post)
        print(post.id, flush=True)


def fill(storage: SqlStorage, limit: int) -> None:
    import resource  # not on Windows

    acknowledged: list[PostId] = []
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    try:
        while True:
            post = a_post("x" * 20_000)
            put(storage, post)
            acknowledged.append(post.id)
    except TidingsError as error:
        print(error.code, len(acknowledged))
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    put(storage, a_post("after"))
    with storage.read() as unit:
        missing = set(acknowledged) - unit.posts.by_ids(acknowledged).keys()
        print(len(missing), len(unit.posts.list(search="after")))


def main(what: str, path: Path, number: int) -> None:
    try:
        storage = open_storage(path, backups=path.parent / "backups")
    except TidingsError as error:
        print(error.code)
        return
    print("opened", flush=True)
    if what == "count":
        count(storage, number)
    elif what == "write":
        write(storage)
    elif what == "fill":
        fill(storage, number)
    storage.close()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 0)
