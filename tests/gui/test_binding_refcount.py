"""Guard against bindings that lose a reference to None per call: 6.12.0 aborts Python 3.10 and 3.11 that way."""

import subprocess
import sys

_PROGRAM = """
from PySide6.QtCore import QObject, Signal

class Bell(QObject):
    rung = Signal(int)

bell, heard = Bell(), []
bell.rung.connect(heard.append)
for number in range(10_000):
    bell.rung.emit(number)
    bell.setObjectName("bell")
print(len(heard))
"""


def test_ten_thousand_void_calls_leave_the_interpreter_alive() -> None:
    done = subprocess.run([sys.executable, "-c", _PROGRAM], capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "10000"), done.stderr
