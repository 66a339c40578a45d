"""Each rule of build/shape.py finds what it is for, and lets the proper form through."""

from __future__ import annotations

from pathlib import Path

import pytest
import shape

LONG_FUNCTION = "def work():\n" + "    pass\n" * 60
LONG_MODULE = "x = 1\n" * 501
MANY_METHODS = "class Post:\n" + "".join(f"    def m{n}(self): ...\n" for n in range(26))

WRONG = {
    "long module": ("desktop/gui/app.py", LONG_MODULE, "has 501 lines"),
    "long function": ("tests/unit/test_x.py", LONG_FUNCTION, "work has 61 lines"),
    "many methods": ("desktop/domain/posts.py", MANY_METHODS, "Post has 26 methods"),
    "empty module name": ("desktop/services/file_helpers.py", "", "file_helpers says nothing"),
    "empty folder name": ("desktop/common/posts.py", "", "common says nothing"),
    "empty class name": ("desktop/services/posts.py", "class PostManager: ...\n", "PostManager says nothing"),
    "standard module": ("desktop/domain/calendar.py", "", "calendar shadows"),
    "standard folder": ("desktop/gui/pages/queue/view.py", "", "queue shadows"),
    "own import in function": (
        "desktop/cli/main.py",
        "def f():\n    import desktop.kit  # slow\n",
        "inside a function",
    ),
    "quick import in function": (
        "desktop/cli/main.py",
        "def f():\n    import json  # slow\n",
        "json inside a function",
    ),
    "slow import unexplained": ("desktop/cli/main.py", "def f():\n    pass\n    import httpx\n", "needs a comment"),
    "import in a method": ("desktop/cli/main.py", "class A:\n    def f(self):\n        import re\n", "re inside"),
    "third-party domain": ("desktop/domain/posts.py", "import regex\n", "regex is third-party"),
    "standard client": ("desktop/gui/app.py", "import urllib.request\n", "urllib.request belongs"),
    "standard client from": ("desktop/services/x.py", "from urllib import request\n", "urllib.request belongs"),
    "clock in services": ("desktop/services/x.py", "now = datetime.now(UTC)\n", "reads the clock"),
    "syntax": ("desktop/domain/posts.py", "def\n", "invalid syntax"),
}

PROPER = {
    "slow import explained": (
        "desktop/cli/main.py",
        "def f():\n    # 130 ms, and most commands do without\n    import httpx\n",
    ),
    "import in bootstrap": ("desktop/bootstrap/gui.py", "def f():\n    import desktop.gui\n"),
    "standard names in tests": ("tests/support/queue.py", ""),
    "own words": ("desktop/storage/database.py", "class DatabaseFile: ...\n"),
    "url parts": ("desktop/gui/app.py", "from urllib.parse import urlsplit\n"),
    "clock in kit": ("desktop/kit/clock.py", "now = datetime.now(UTC)\n"),
    "domain uses kit": ("desktop/domain/posts.py", "import datetime\n\nfrom desktop.kit import ids\n"),
}


@pytest.mark.parametrize(("name", "source", "finding"), WRONG.values(), ids=WRONG)
def test_a_wrong_module_is_found(name: str, source: str, finding: str) -> None:
    assert [line for line in shape.python_module(name, source) if finding in line]


@pytest.mark.parametrize(("name", "source"), PROPER.values(), ids=PROPER)
def test_a_proper_module_is_let_through(name: str, source: str) -> None:
    assert list(shape.python_module(name, source)) == []


@pytest.mark.parametrize(
    "text",
    [
        "# TO" + "DO later",
        "raise Not" + "ImplementedError",
        'ROOT = "' + "/ro" + 'ot/.cache"',
        'DATA = "' + "/ho" + 'me/someone/data"',
        "https://py" + "pi.org/simple",
        "--index-url https://files.python" + "hosted.org",
    ],
)
def test_text_that_may_not_be_committed_is_found(text: str) -> None:
    assert len(list(shape.forbidden_text("notes.md", f"first line\n{text}\n"))) == 1


@pytest.mark.parametrize("text", ["https://example.com/" + "work/1", "$HOME/root/x", "todo list", "~/home/x"])
def test_ordinary_text_is_let_through(text: str) -> None:
    assert list(shape.forbidden_text("notes.md", text)) == []


def test_a_file_too_large_to_review_is_found() -> None:
    assert list(shape.file_size("resources/film.mp4", b"x" * 1_000_001))
    assert not list(shape.file_size("resources/film.mp4", b"x" * 1_000_000))


def test_the_whole_tree_is_judged_also_without_git(tmp_path: Path) -> None:
    (tmp_path / "desktop" / "domain").mkdir(parents=True)
    (tmp_path / "desktop" / "domain" / "queue.py").write_text("")
    (tmp_path / "resources").mkdir()
    (tmp_path / "resources" / "picture.bin").write_bytes(b"\0\xff")
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "queue.py").write_text("def\n")

    assert list(shape.findings(tmp_path)) == ["desktop/domain/queue.py:1 queue shadows the standard library"]
