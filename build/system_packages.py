"""What Linux must bring itself: Qt's system libraries, and the programs the tests drive the window with."""

from __future__ import annotations

import ctypes
import os
import shlex
import shutil
import subprocess
import sys

# library -> Debian package, from the NEEDED entries of PySide6's Qt libraries and of its platform plugins
QT_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11.so.6": "libx11-6",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libzstd.so.1": "libzstd1",
}
X11_LIBRARIES = {
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
WAYLAND_LIBRARIES = {"libwayland-client.so.0": "libwayland-client0", "libwayland-cursor.so.0": "libwayland-cursor0"}

TEST_PACKAGES = [
    "xvfb",
    "xdotool",
    "at-spi2-core",
    "gir1.2-atspi-2.0",
    "python3-gi",
    "python3-pytest",
    "dbus",
    "dbus-x11",
    "gnome-keyring",
    "openbox",
    "imagemagick",
    "libxcb-cursor0",
    "libxkbcommon-x11-0",
    "libxcb-icccm4",
    "libxcb-image0",
    "libxcb-keysyms1",
    "libxcb-render-util0",
    "libegl1",
    "fonts-noto-color-emoji",
]


class SetupError(Exception):
    """Something must be installed by hand first; the message says what and how."""


def require_qt_libraries(screen: bool) -> None:
    """Make sure Qt can load here, offscreen or on the screen; ``SetupError`` names the command when it cannot."""
    if not sys.platform.startswith("linux"):
        return
    wanted = dict(QT_LIBRARIES)
    if screen:
        wanted |= X11_LIBRARIES if os.environ.get("DISPLAY") else WAYLAND_LIBRARIES
    missing = [library for library in wanted if not _loads(library)]
    if missing:
        install([wanted[library] for library in missing], f"Qt needs system libraries: {', '.join(missing)}.")


def offer_test_packages() -> bool:
    """Install what the tests of the real window need, or say what is left out; return whether they are left out."""
    if not sys.platform.startswith("linux"):
        print("left out: the tests marked 'screen', which drive the window through Linux's accessibility", flush=True)
        return True
    missing = _missing_test_packages()
    if not missing:
        return False
    try:
        install(missing, "The tests that drive the real window need more.")
    except SetupError as error:
        print(f"left out: the tests marked 'screen'. {error}\n", flush=True)
        return True
    return False


def install(packages: list[str], why: str) -> None:
    """Install Debian packages when we may; ``SetupError`` with the exact command when we may not or it fails."""
    packages = sorted(set(packages))
    command = ["apt-get", "install", "--yes", "--no-install-recommends", *packages]
    if not _has("apt-get"):
        raise SetupError(f"{why} Install what Debian calls: {' '.join(packages)}")
    if os.geteuid() != 0:
        raise SetupError(f"{why} Install them and start again:\n\n    sudo {shlex.join(command)}")
    print(f"{why} Installing: {' '.join(packages)}", flush=True)
    variables = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    quiet = [command[0], "--quiet=2", *command[1:]]
    # a fresh machine has no package lists yet, so a first failure is no news
    for attempt in (quiet, ["apt-get", "--quiet=2", "update"], quiet):
        outcome = subprocess.run(attempt, env=variables, capture_output=True, text=True, check=False)
        if attempt is quiet and outcome.returncode == 0:
            return
    raise SetupError(f"{why} This failed:\n\n    {shlex.join(command)}\n\n{outcome.stderr.strip()}")


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _has(program: str) -> bool:
    return shutil.which(program) is not None


def _missing_test_packages() -> list[str]:
    if not _has("dpkg-query"):
        return [program for program in ("Xvfb", "xdotool", "openbox", "dbus-run-session") if not _has(program)]
    query = ["dpkg-query", "--show", "--showformat=${Package} ${db:Status-Status}\\n", *TEST_PACKAGES]
    known = subprocess.run(query, capture_output=True, text=True, check=False).stdout.splitlines()
    return [package for package in TEST_PACKAGES if f"{package} installed" not in known]
