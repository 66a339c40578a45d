"""One window per profile: a second start raises the first window instead of opening another."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtNetwork import QLocalServer, QLocalSocket

_PATIENCE_MS = 1_500
_RAISE = b"raise\n"


def socket_name(folder: Path) -> str:
    """Return the name of the socket of a profile; short, because sockets have short names."""
    return f"tidings-{hashlib.sha256(str(folder).encode()).hexdigest()[:20]}"


def raise_other_window(folder: Path) -> bool:
    """Ask the window that has the profile to come to the front; False when none answers."""
    socket = QLocalSocket()
    socket.connectToServer(socket_name(folder))
    if not socket.waitForConnected(_PATIENCE_MS):
        return False
    socket.write(_RAISE)
    has_answered = socket.waitForBytesWritten(_PATIENCE_MS) and socket.waitForReadyRead(_PATIENCE_MS)
    socket.disconnectFromServer()
    return has_answered


class RaiseServer(QObject):
    """Listens for second starts. Only the same user of this computer can reach it."""

    def __init__(self, folder: Path, on_raise: Callable[[], object], parent: QObject | None = None) -> None:
        """Create it once the profile's lock is held: what an earlier, killed window left is removed."""
        super().__init__(parent)
        self._on_raise = on_raise
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_new_connection)
        QLocalServer.removeServer(socket_name(folder))
        self.is_listening = self._server.listen(socket_name(folder))

    def close(self) -> None:
        """Stop listening."""
        self._server.close()

    def _on_new_connection(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.readyRead.connect(lambda socket=socket: self._on_ready_read(socket))
            socket.disconnected.connect(socket.deleteLater)
            self._on_ready_read(socket)

    def _on_ready_read(self, socket: QLocalSocket) -> None:
        if socket.readAll().data() == _RAISE:
            self._on_raise()
            socket.write(b"ok\n")
            socket.flush()
