"""One imitation: what it remembers, how it behaves, and the faults it plays."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from desktop.sandbox.clock import MovableClock
from desktop.sandbox.config import SandboxConfig
from desktop.sandbox.faults import Faults
from desktop.sandbox.ledger import CallLog
from desktop.sandbox.pictures import Pictures
from desktop.sandbox.quotas import Usage
from desktop.sandbox.uploads import UploadStore
from desktop.sandbox.world import World


class Sandbox:
    """Everything one running server works on; handlers get it with each call."""

    def __init__(
        self, config: SandboxConfig, clock: MovableClock, *, seed: int = 1, state_file: Path | None = None
    ) -> None:
        """Read ``state_file`` when given; ``ValueError`` when it is damaged, ``OSError`` when it is out of reach."""
        self.config = config
        self.clock = clock
        self.world = World(seed, clock, state_file)
        self.faults = Faults(seed)
        self.usage = Usage()
        self.calls = CallLog()
        self.pictures = Pictures()
        self.uploads = UploadStore(state_file.with_name(f"{state_file.name}.uploads") if state_file else None)

    def close(self) -> None:
        """Let go of the state file and of unfinished uploads that are not part of the state."""
        self.uploads.close()
        self.world.close()

    def reset(self, seed: int) -> None:
        """Forget everything that happened; the configuration stays."""
        self.clock.reset()
        self.world.reset(seed)
        self.uploads.clear()
        self.faults = Faults(seed)
        self.usage = Usage()
        self.calls = CallLog()

    def processing_time(self, shortest_seconds: float, longest_seconds: float) -> timedelta:
        """Return how long a container takes, drawn from the seed."""
        seconds = self.world.random.uniform(shortest_seconds, longest_seconds)
        return timedelta(seconds=seconds * self.config.processing_factor)
