"""The last guard: whatever nobody caught is logged, and the program goes on."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable
from types import TracebackType

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

_log = logging.getLogger("desktop.gui")
_qt_log = logging.getLogger("qt")

_QT_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


def install_excepthooks(on_bug: Callable[[BaseException], object] | None = None) -> None:
    """Log uncaught exceptions of every thread, of destructors and of slots, and Qt's own messages.

    ``on_bug`` may be called on any thread (post to an ``EventBridge`` from it). Ctrl+C still ends the program.
    """

    def report(error: BaseException | None, where: str) -> None:
        if error is None:
            return
        _log.critical("uncaught exception in %s", where, exc_info=error)
        if on_bug is not None:
            on_bug(error)

    def on_exception(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
        else:
            report(error, "the GUI thread")

    def on_thread_exception(arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_type is not SystemExit:
            report(arguments.exc_value, arguments.thread.name if arguments.thread else "a thread")

    def on_unraisable(arguments: sys.UnraisableHookArgs) -> None:
        report(arguments.exc_value, f"{arguments.err_msg or 'a destructor'}")

    sys.excepthook = on_exception
    threading.excepthook = on_thread_exception
    sys.unraisablehook = on_unraisable
    qInstallMessageHandler(_log_qt_message)


def _log_qt_message(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
    _qt_log.log(_QT_LEVELS[kind], "%s: %s", context.category or "qt", text)
