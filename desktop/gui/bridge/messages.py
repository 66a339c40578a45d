"""From an error to the words a toast or a banner shows, and to the details one can copy into a report."""

from __future__ import annotations

import platform
import traceback
from dataclasses import dataclass
from typing import Literal

from PySide6.QtGui import QGuiApplication

import desktop
from desktop.domain.errors import TidingsError
from desktop.kit.branding import NAME
from desktop.kit.i18n import tr


@dataclass(frozen=True, slots=True)
class Message:
    """What to show: ``title`` says what happened, ``advice`` what to do (may be empty), ``details`` is for a report."""

    code: str
    title: str
    advice: str
    details: str
    tone: Literal["warning", "danger"]

    @property
    def text(self) -> str:
        """Title and advice in one line, for a toast or a banner."""
        return f"{self.title} {self.advice}".rstrip()


def message_for(error: Exception) -> Message:
    """Return the words for ``error``: its own when it is expected, an apology when it is a bug."""
    if isinstance(error, TidingsError):
        return Message(error.code, error.title, error.advice, _details(error), "warning")
    return Message(
        "internal_error",
        tr("Something went wrong inside {name}.", name=NAME),
        tr("Your posts are safe. Try again, and copy the details into a report if it comes back."),
        _details(error),
        "danger",
    )


def copy_details(message: Message) -> None:
    """Put the details on the clipboard."""
    QGuiApplication.clipboard().setText(message.details)


def _details(error: Exception) -> str:
    head = f"{NAME} {desktop.__version__} · {platform.system()} {platform.release()}"
    if isinstance(error, TidingsError):
        facts = [f"{key}: {value}" for key, value in error.details.items()]
        return "\n".join([head, f"{error.code}: {error.title}", error.advice, *facts])
    # Names of places only, no values: an exception's text may quote what a person wrote.
    frames = traceback.extract_tb(error.__traceback__)
    places = [f"  {frame.filename.rpartition('desktop')[2]}:{frame.lineno} {frame.name}" for frame in frames]
    return "\n".join([head, f"internal_error: {type(error).__name__}", *places])
