"""The developer's one command: it makes the environment, then runs, tests or checks Tidings in it.

python3 build/dev.py run [ARGUMENTS]          open Tidings on a sandbox workspace (without a screen: a tour in pictures)
python3 build/dev.py test [PYTEST ARGUMENTS]  the quality door and the whole test suite, or just the tests named
python3 build/dev.py check                    the quality door alone
python3 build/dev.py pictures [FOLDER]        a picture of every page and dialog, light and dark
python3 build/dev.py performance [ARGUMENTS]  speed, as ratios against floors measured in the same run
python3 build/dev.py lock                     resolve the dependencies again and write build/locks and NOTICE

Needs nothing but Python 3.11 or newer. Exit status: that of the first part that failed, 1 when something must be
installed by hand first, 2 for wrong usage.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036  an older Python must get this sentence, not a stack trace
    sys.exit("Tidings needs Python 3.11 or newer; this is %s (%s)." % (sys.version.split()[0], sys.executable))  # noqa: UP031

import os
import signal
import subprocess
import time
from pathlib import Path

import environment
import locking
import system_packages

DEVELOPMENT_PROFILE = environment.ROOT / "dist" / "development-profile"


def main(arguments: list[str]) -> int:
    """Run one command; return its exit status."""
    commands = {
        "run": run,
        "test": test,
        "check": check,
        "pictures": pictures,
        "performance": performance,
        "lock": lock,
    }
    if not arguments or arguments[0] not in commands:
        sys.stderr.write(__doc__ or "")
        return 0 if arguments[:1] in (["-h"], ["--help"], ["help"]) else 2
    try:
        return commands[arguments[0]](arguments[1:])
    except system_packages.SetupError as error:
        sys.stderr.write(f"\n{error}\n")
        return 1
    except KeyboardInterrupt:
        return 130


def run(arguments: list[str]) -> int:
    """Open the window on the development profile, or take the tour where there is no screen."""
    _prepare()
    screen = _has_screen()
    system_packages.require_qt_libraries(screen)
    variables = {"TIDINGS_PROFILE": os.environ.get("TIDINGS_PROFILE", str(DEVELOPMENT_PROFILE))}
    if not screen:
        print("no screen here: taking the tour offscreen", flush=True)
        variables["QT_QPA_PLATFORM"] = "offscreen"
    return _python(["-m", "desktop", "open" if screen else "tour", *arguments], variables)


def test(arguments: list[str]) -> int:
    """Run the quality door and every test; with arguments only pytest, with these."""
    _prepare()
    system_packages.require_qt_libraries(screen=False)
    left_out = system_packages.offer_test_packages()
    pytest = ["-m", "pytest", *(["-m", "not screen"] if left_out else [])]
    if arguments:
        return _python([*pytest, *arguments])
    parts = {
        "quality door": ["build/check.py"],
        "tests": [*pytest, "-q", "-n", "2", "--dist", "loadgroup", "--ignore=tests/performance", "tests"],
    }
    outcomes = {name: _timed(command) for name, command in parts.items()}
    print()
    for name, (status, seconds) in outcomes.items():
        print(f"{'ok    ' if status == 0 else 'FAILED'} {name} in {seconds:.0f} s")
    return next((status for status, _ in outcomes.values() if status), 0)


def check(arguments: list[str]) -> int:
    """Run the quality door: format, lint, types, contracts, shape, locks, notices."""
    _prepare()
    return _python(["build/check.py", *arguments])


def pictures(arguments: list[str]) -> int:
    """Save a picture of every page and dialog in the folder named, or in dist/pictures."""
    _prepare()
    system_packages.require_qt_libraries(screen=False)
    return _python(["build/pictures.py", *(arguments or [str(environment.ROOT / "dist" / "pictures")])])


def performance(arguments: list[str]) -> int:
    """Measure speed, one program after the other, or only those named (startup, composer, calendar, publisher ...)."""
    _prepare()
    system_packages.require_qt_libraries(screen=False)
    programs = sorted(each.stem for each in (environment.ROOT / "tests" / "performance").glob("bench_*.py"))
    wanted = [each for each in programs if not arguments or each.removeprefix("bench_") in arguments]
    statuses = [_python(["-m", f"tests.performance.{each}"]) for each in wanted]
    return max(statuses, default=2)


def lock(arguments: list[str]) -> int:
    """Resolve pyproject.toml again, install the result and write NOTICE from it."""
    locking.compile_locks(arguments)
    _prepare()
    return _python(["build/notice.py", "--write"])


def _prepare() -> None:
    started = time.monotonic()
    what = environment.ensure()
    print(f"environment ready in {time.monotonic() - started:.1f} s ({what})", flush=True)


def _has_screen() -> bool:
    return not sys.platform.startswith("linux") or any(os.environ.get(n) for n in ("DISPLAY", "WAYLAND_DISPLAY"))


def _timed(command: list[str]) -> tuple[int, float]:
    started = time.monotonic()
    return _python(command), time.monotonic() - started


def _python(arguments: list[str], variables: dict[str, str] | None = None) -> int:
    """Run the environment's Python in the checkout; return its exit status."""
    command = [str(environment.PYTHON), *arguments]
    everything = {**environment.child_variables(), **(variables or {})}
    with subprocess.Popen(command, cwd=environment.ROOT, env=everything) as child:
        signal.signal(signal.SIGTERM, lambda *_: child.terminate())
        while True:
            try:
                return child.wait()
            except KeyboardInterrupt:  # the child got the same signal and ends in its own time
                continue


if __name__ == "__main__":
    os.chdir(Path(__file__).resolve().parent.parent)
    sys.exit(main(sys.argv[1:]))
