"""Names a white-label edition may change; nothing else in the code spells them."""

from __future__ import annotations

NAME = "Tidings"
COMMAND = "tidings"
APPLICATION_ID = "io.tidings.Tidings"
