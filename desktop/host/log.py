"""The log: JSON lines in rotating files, with every token taken out as it is written.

Records made inside ``kit.correlation.correlated`` carry its id, which ties together all lines of one delivery.
"""

from __future__ import annotations

import contextlib
import json
import logging
import sys
import threading
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from desktop.host.redaction import redact
from desktop.kit.correlation import correlation

MAX_FILE_BYTES = 5_000_000
OLD_FILES = 5

_log = logging.getLogger(__name__)


class JsonFormatter(logging.Formatter):
    """One JSON object per line: at, level, logger, message, thread, and correlation and error where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, redacted."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": redact(record.getMessage()),
            "thread": record.threadName,
        }
        if (identifier := correlation()) is not None:
            line["correlation"] = redact(identifier)
        if record.exc_info:
            line["error"] = redact(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)


class PlainFormatter(logging.Formatter):
    """For people: the message alone, redacted."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, redacted."""
        return redact(super().format(record))


@contextlib.contextmanager
def logging_to(folder: Path, role: str, *, verbose: bool = False) -> Iterator[None]:
    """Write ``ROLE.log`` into ``folder`` (and, when ``verbose``, to standard error) while the block runs.

    One file per role (window, worker, command), since Windows cannot rotate a file two processes have open. A bug that
    leaves the block is logged on its way out.
    """
    path = folder / f"{role}.log"
    file = RotatingFileHandler(path, maxBytes=MAX_FILE_BYTES, backupCount=OLD_FILES, encoding="utf-8", delay=True)
    file.setFormatter(JsonFormatter())
    handlers: list[logging.Handler] = [file]
    if verbose:
        screen = logging.StreamHandler()
        screen.setFormatter(PlainFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        handlers.append(screen)
    root = logging.getLogger()
    level = root.level
    root.setLevel(logging.INFO)
    # these tell every request with its whole address, or every tick
    for chatty in ("httpx", "apscheduler", "PIL", "alembic"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    for handler in handlers:
        root.addHandler(handler)
    try:
        yield
    except Exception:
        _log.critical("unexpected error", exc_info=True)
        raise
    finally:
        for handler in handlers:
            root.removeHandler(handler)
            handler.close()
        root.setLevel(level)


def install_excepthooks() -> None:
    """Show what nobody caught without tokens, and log what ends a thread."""
    if logging.lastResort is not None:  # speaks while no log is open
        logging.lastResort.setFormatter(PlainFormatter())

    def on_main_thread(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        sys.stderr.write(redact("".join(traceback.format_exception(kind, error, trace))))

    def on_thread(arguments: threading.ExceptHookArgs) -> None:
        error = arguments.exc_value or arguments.exc_type()
        _log.critical("a thread ended", exc_info=(arguments.exc_type, error, arguments.exc_traceback))

    sys.excepthook = on_main_thread
    threading.excepthook = on_thread
