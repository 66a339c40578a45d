"""Sandboxes for tests: on a thread (fast, its insides reachable) or as a process (like the one people start)."""

from __future__ import annotations

import io
import json
import struct
import subprocess
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from PIL import Image

from desktop.sandbox.config import SandboxConfig
from desktop.sandbox.server import SandboxServer

__all__ = ["SandboxConfig", "SandboxProcess", "SandboxServer", "account", "jpeg", "mp4", "png", "sandbox_process"]

_ROOT = Path(__file__).resolve().parents[2]
_PROGRAM = """
import json, sys
from pathlib import Path
from desktop.sandbox.server import run_sandbox
port, seed, *files = json.loads(sys.argv[1])
run_sandbox(port, seed, *(Path(file) if file else None for file in files))
"""


@dataclass
class SandboxProcess:
    """A running sandbox process; ``url`` is where it answers."""

    process: subprocess.Popen[str]
    url: str

    def stop(self) -> int:
        """Ask it to stop as a terminal would and return its exit code."""
        self.process.terminate()
        return self.process.wait(10)

    def kill(self) -> None:
        """End it without warning."""
        self.process.kill()
        self.process.wait(10)


@contextmanager
def sandbox_process(
    *,
    port: int = 0,
    seed: int = 1,
    faults_file: Path | None = None,
    state_file: Path | None = None,
    config: dict[str, Any] | None = None,
) -> Iterator[SandboxProcess]:
    """Start a sandbox process, apply ``config`` through its control route, and end it afterwards."""
    arguments = json.dumps([port, seed, str(faults_file or ""), str(state_file or "")])
    process = subprocess.Popen(
        [sys.executable, "-c", _PROGRAM, arguments], stdout=subprocess.PIPE, text=True, cwd=_ROOT
    )
    assert process.stdout is not None
    with process.stdout:
        try:
            line = process.stdout.readline()
            assert line.startswith("ready http://127.0.0.1:"), line
            running = SandboxProcess(process, line.split()[1])
            if config:
                httpx.post(
                    f"{running.url}/_sandbox/config", json=config, trust_env=False, verify=False
                ).raise_for_status()
            yield running
        finally:
            if process.poll() is None:
                process.kill()
            process.wait(10)


def account(url: str, network: str, purpose: str = "ready", index: int = 0) -> dict[str, Any]:
    """Return the ``index``-th ready-made account of ``network`` with that purpose: id, username, token, scopes..."""
    # verify=False: loading certificates takes longer than the call
    accounts = httpx.get(f"{url}/_sandbox/accounts", trust_env=False, verify=False).json()["accounts"]
    found = [a for a in accounts if a["network"] == network and a["purpose"] == purpose]
    return dict(found[index])


def jpeg(width: int = 400, height: int = 400, colour: tuple[int, int, int] = (120, 60, 200)) -> bytes:
    """Return a valid JPEG of one colour."""
    target = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(target, "JPEG")
    return target.getvalue()


def png(width: int = 400, height: int = 400, colour: tuple[int, int, int] = (120, 60, 200)) -> bytes:
    """Return a valid PNG of one colour."""
    row = b"\0" + bytes(colour) * width
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(row * height)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, content) for kind, content in chunks)


def mp4() -> bytes:
    """Return bytes that begin like an MP4 file; nothing plays them."""
    return struct.pack(">I", 24) + b"ftypisom" + struct.pack(">I", 512) + b"isommp41" + bytes(64)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
