"""Plain threads that work off numbered jobs in order."""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import SimpleQueue


class Lane:
    """Up to ``width`` threads, each started when a job finds no idle one.

    Jobs are numbers, so that the queue and the threads never own an object of the GUI. The threads are daemons: a
    program that forgot :meth:`close` ends all the same.
    """

    def __init__(self, name: str, width: int, run: Callable[[int], None]) -> None:
        self._name = name
        self._width = width
        self._run = run
        self._jobs: SimpleQueue[int | None] = SimpleQueue()
        self._idle = threading.Semaphore(0)
        self._threads: list[threading.Thread] = []

    def put(self, job: int) -> None:
        """Queue a job. Call from one thread only."""
        self._jobs.put(job)
        if len(self._threads) < self._width and not self._idle.acquire(blocking=False):
            thread = threading.Thread(target=self._work, name=f"{self._name}-{len(self._threads)}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def close(self) -> None:
        """Work off what is queued, then wait until all threads have ended."""
        for _ in self._threads:
            self._jobs.put(None)
        for thread in self._threads:
            thread.join()
        self._threads.clear()

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            self._run(job)
            self._idle.release()
