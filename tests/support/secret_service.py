"""A real Secret Service: gnome-keyring in a D-Bus session of its own, with a home folder of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.processes import CommandLine

IS_INSTALLED = (
    sys.platform.startswith("linux")
    and shutil.which("gnome-keyring-daemon") is not None
    and shutil.which("dbus-daemon") is not None
)
SERVICE, PROMPTER = "org.freedesktop.secrets", "org.gnome.keyring.SystemPrompter"
PASSWORD = "of the keyring"
PATIENCE_SECONDS = 30.0
# of the computer the tests run on; its own keychain and its screen stay out of it
OUTSIDE = ("DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "WAYLAND_DISPLAY", "GNOME_KEYRING_CONTROL", "PYTHON_KEYRING_BACKEND")


def without_keychain(tidings: CommandLine) -> None:
    """Give the commands the keychain of a computer that has none: no D-Bus session."""
    for name in (*OUTSIDE, "TIDINGS_SECRET_STORE", "TIDINGS_PASSPHRASE"):
        tidings.environment.pop(name, None)


class SecretService:
    """The session; ``unlock`` and ``lock`` start its keyring anew in that state."""

    def __init__(self, home: Path, address: str) -> None:
        self.address = address
        self._daemon: subprocess.Popen[bytes] | None = None
        self._environment = {
            **{name: value for name, value in os.environ.items() if name not in OUTSIDE},
            "HOME": str(home),
            "XDG_DATA_HOME": str(home / "data"),
            "XDG_RUNTIME_DIR": str(home / "run"),
            "DBUS_SESSION_BUS_ADDRESS": address,
        }

    def use_in(self, tidings: CommandLine) -> None:
        """Let the commands find this keychain and no other place for secrets."""
        without_keychain(tidings)
        tidings.environment["DBUS_SESSION_BUS_ADDRESS"] = self.address

    def unlock(self) -> None:
        """Start the keyring unlocked; the first time this makes it."""
        self._start("--unlock")

    def lock(self) -> None:
        """Start the keyring without its password."""
        self._start()

    def stop(self) -> None:
        """End the keyring; it would be started again by whoever asks for it."""
        if self._daemon is not None:
            self._daemon.terminate()
            self._daemon.wait(PATIENCE_SECONDS)
            self._daemon = None

    def entries(self, profile_id: str) -> dict[str, str]:
        """Return what the keychain holds for a profile, by name; read by another client than the program's."""
        import secretstorage

        with self._connection() as connection:
            collection = secretstorage.get_default_collection(connection)
            found = collection.search_items({"service": f"Tidings {profile_id}"})
            return {item.get_attributes()["username"]: item.get_secret().decode() for item in found}

    def add_entry(self, profile_id: str, name: str, secret: str) -> None:
        """Put an entry into the keychain as the program of Part 1 did."""
        import secretstorage

        with self._connection() as connection:
            collection = secretstorage.get_default_collection(connection)
            attributes = {"service": f"Tidings {profile_id}", "username": name, "application": "Python keyring library"}
            collection.create_item(name, attributes, secret.encode(), replace=True)

    @contextmanager
    def prompt_nobody_answers(self) -> Iterator[None]:
        """Stand in for the program that asks for the password, and never answer."""
        from jeepney import message_bus

        with self._connection() as connection:
            reply = connection.send_and_get_reply(message_bus.RequestName(PROMPTER))
            assert reply.body == (1,)
            yield

    @contextmanager
    def _connection(self):  # type: ignore[no-untyped-def]  # jeepney exists on Linux only
        from jeepney.io.blocking import open_dbus_connection

        connection = open_dbus_connection(self.address)
        try:
            yield connection
        finally:
            connection.close()

    def _start(self, *arguments: str) -> None:
        self.stop()
        self._wait_for_name(is_owned=False)
        self._daemon = subprocess.Popen(
            ["gnome-keyring-daemon", "--foreground", "--components=secrets", *arguments],
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        assert self._daemon.stdin is not None
        with self._daemon.stdin as stdin:
            stdin.write(PASSWORD.encode() if arguments else b"")
        self._wait_for_name(is_owned=True)

    def _wait_for_name(self, *, is_owned: bool) -> None:
        from jeepney import message_bus

        deadline = time.monotonic() + PATIENCE_SECONDS
        with self._connection() as connection:
            while connection.send_and_get_reply(message_bus.NameHasOwner(SERVICE)).body != (int(is_owned),):
                assert time.monotonic() < deadline, f"{SERVICE} is {'not ' * is_owned}there"
                time.sleep(0.02)


@contextmanager
def secret_service(home: Path) -> Iterator[SecretService]:
    """Run a D-Bus session whose keyring was not started yet."""
    (home / "run").mkdir(mode=0o700, parents=True)
    environment = {name: value for name, value in os.environ.items() if name not in OUTSIDE}
    environment |= {"HOME": str(home), "XDG_DATA_HOME": str(home / "data"), "XDG_RUNTIME_DIR": str(home / "run")}
    with subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--print-address"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
    ) as bus:
        assert bus.stdout is not None
        service = SecretService(home, bus.stdout.readline().strip())
        try:
            yield service
        finally:
            service.stop()
            bus.terminate()
            bus.wait(PATIENCE_SECONDS)
