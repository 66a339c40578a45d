"""Runs a sandbox: as a program in the foreground, or on a thread of another program."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType, TracebackType
from typing import Self

import uvicorn

from desktop.kit.clock import Clock, SystemClock
from desktop.sandbox.app import create_app
from desktop.sandbox.clock import MovableClock
from desktop.sandbox.config import SandboxConfig
from desktop.sandbox.connection import CuttableProtocol
from desktop.sandbox.sandbox import Sandbox

HOST = "127.0.0.1"
_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def run_sandbox(
    port: int = 0,
    seed: int = 1,
    faults_file: Path | None = None,
    state_file: Path | None = None,
    config: SandboxConfig | None = None,
) -> None:
    """Serve on 127.0.0.1 until SIGINT or SIGTERM, then return.

    Prints exactly one line, ``ready http://127.0.0.1:PORT``, once calls are answered. ``port`` 0 takes a free one.
    Raises ``OSError`` when the port is taken or a file is out of reach, ``OverflowError`` for a port above 65535,
    ``ValueError`` when a file is damaged.
    """
    clock = MovableClock(SystemClock())
    with (
        contextlib.closing(_listen(port)) as listener,
        contextlib.closing(Sandbox(config or SandboxConfig(), clock, seed=seed, state_file=state_file)) as box,
    ):
        if faults_file is not None:
            box.faults.load(faults_file)
        address = _address(listener)
        server = _Server(box, lambda: print(f"ready {address}", flush=True))
        with _stopped_by_signals(server):
            server.run(sockets=[listener])


class SandboxServer:
    """A sandbox on a thread: ``with SandboxServer() as sandbox: httpx.get(sandbox.url + ...)``."""

    def __init__(
        self,
        *,
        config: SandboxConfig | None = None,
        clock: Clock | None = None,
        seed: int = 1,
        state_file: Path | None = None,
        port: int = 0,
    ) -> None:
        """Take the port and read the state; nothing is answered before ``start``. Raises as ``run_sandbox`` does."""
        source = clock or SystemClock()
        self._listener = _listen(port)
        try:
            self.box = Sandbox(config or SandboxConfig(), MovableClock(source), seed=seed, state_file=state_file)
        except BaseException:
            self._listener.close()
            raise
        self._ready = threading.Event()
        self.url = _address(self._listener)
        self._server = _Server(self.box, self._ready.set)
        self._thread = threading.Thread(target=self._run, name="sandbox", daemon=True)

    def start(self) -> None:
        """Start the thread and return once calls are answered; ``RuntimeError`` when it ended before."""
        self._thread.start()
        self._ready.wait()
        if not self._server.started:
            raise RuntimeError("the sandbox did not start")

    def stop(self) -> None:
        """Stop answering and wait for the thread."""
        self._server.should_exit = True
        self._thread.join()
        self.box.close()

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        self.stop()

    def _run(self) -> None:
        try:
            self._server.run(sockets=[self._listener])
        finally:
            self._ready.set()


class _Server(uvicorn.Server):
    """uvicorn that tells when it answers and leaves signals to the caller."""

    def __init__(self, box: Sandbox, on_ready: Callable[[], object]) -> None:
        super().__init__(
            uvicorn.Config(
                create_app(box),
                http=CuttableProtocol,
                ws="none",
                lifespan="off",
                log_config=None,
                log_level="error",
                access_log=False,
                server_header=False,
                timeout_keep_alive=75,
                timeout_graceful_shutdown=2,
            )
        )
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._on_ready()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextlib.contextmanager
def _stopped_by_signals(server: uvicorn.Server) -> Iterator[None]:
    def stop(_number: int, _frame: FrameType | None) -> None:
        server.should_exit = True

    before = {number: signal.signal(number, stop) for number in _STOP_SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _listen(port: int) -> socket.socket:
    # asyncio turns Nagle's delay off only for sockets that name TCP; create_server does not, which costs 40 ms a call.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":  # on Windows the option would let two programs share the port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, port))
        listener.listen(512)
    except (OSError, OverflowError):
        listener.close()
        raise
    return listener


def _address(listener: socket.socket) -> str:
    return f"http://{HOST}:{listener.getsockname()[1]}"
