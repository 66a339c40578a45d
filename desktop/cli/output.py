"""What the command line says: words for people, or exactly one JSON document."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any

from desktop.domain.errors import TidingsError


class Output:
    """Results go to standard output, everything else to standard error."""

    def __init__(self, *, as_json: bool, quiet: bool) -> None:
        """``quiet`` leaves out everything that is not a result."""
        self.as_json = as_json
        self._quiet = quiet

    def result(self, document: object, lines: Iterable[str]) -> None:
        """Say what came out: ``document`` with ``--json``, else ``lines``. To be called once per command."""
        if self.as_json:
            _write(json.dumps(document, ensure_ascii=False, indent=2))
        else:
            for line in lines:
                _write(line)

    def note(self, words: str) -> None:
        """Say something in passing."""
        if not self._quiet and not self.as_json:
            sys.stderr.write(f"{words}\n")

    def error(self, error: TidingsError, **more: str) -> None:
        """Say what went wrong and what to do about it; ``more`` joins the details."""
        if self.as_json:
            words = {"code": error.code, "title": error.title, "advice": error.advice}
            _write(json.dumps({"error": {**words, "details": {**error.details, **more}}}, ensure_ascii=False, indent=2))
        sys.stderr.write("\n".join(filter(None, (error.title, error.advice))) + "\n")


def table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return rows with their columns lined up; the last column is left as it is."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join([*(cell.ljust(width) for cell, width in zip(row[:-1], widths, strict=False)), row[-1]])
        for row in rows
    ]


def _write(text: Any) -> None:
    sys.stdout.write(f"{text}\n")
