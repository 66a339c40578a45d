"""The shape of the source: sizes, names, imports inside functions, and what may not be in a tracked file.

Each rule takes what it judges and yields findings, ``path:line what``; ``tests/architecture`` shows each one failing.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

MODULE_LINES = 500
FUNCTION_LINES = 60
CLASS_METHODS = 25
FILE_BYTES = 1_000_000

FORBIDDEN_WORDS = {"manager", "helper", "helpers", "util", "utils", "base", "impl", "misc", "common"}

# Third-party libraries slow enough to be loaded by the function that needs them (measured: 20 to 500 ms each).
# Such an import carries a comment that says so. Everything else is imported at the top.
SLOW_LIBRARIES = {
    "alembic",
    "apscheduler",
    "av",
    "certifi",
    "cryptography",
    "fastapi",
    "httpx",
    "keyring",
    "numpy",
    "obstore",
    "pi_heif",
    "PIL",
    "pydantic",
    "pydantic_settings",
    "pyqtgraph",
    "regex",
    "sqlalchemy",
    "uvicorn",
}

# folders whose modules may import these parts of otherwise harmless standard packages
CLIENT_MODULES = {"urllib.request", "http.client"}
CLIENT_FOLDERS = {"connectors", "files", "host", "cli", "sandbox"}
CLOCKLESS_FOLDERS = {"domain", "services"}

# written so that this file does not match itself
UNFINISHED = re.compile(r"\b(?:TO[D]O|FIX[M]E|XX[X])\b|Not[I]mplementedError")
MACHINE_PATH = re.compile(r"(?<![\w.~$}])/(?:root|work|home/\w+|Users/\w+)/")
REGISTRY_HOST = re.compile(r"py[p]i\.org|python[h]osted\.org|registry\.np[m]js\.org|deb\.de[b]ian\.org|crat[e]s\.io")

Function = ast.FunctionDef | ast.AsyncFunctionDef


def findings(root: Path) -> Iterator[str]:
    """Judge every file that is tracked or about to be."""
    for path in tracked_files(root):
        name = path.relative_to(root).as_posix()
        content = path.read_bytes()
        yield from file_size(name, content)
        if b"\0" in content:
            continue
        text = content.decode("utf-8")
        yield from forbidden_text(name, text)
        if path.suffix == ".py":
            yield from python_module(name, text)


def tracked_files(root: Path) -> list[Path]:
    """List what git tracks or would add; without git, everything outside hidden and output folders."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        answer = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
        paths = [root / name for name in answer.stdout.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        paths = [path for path in root.rglob("*") if not _is_output(path.relative_to(root))]
    return sorted(path for path in paths if path.is_file())


def _is_output(path: Path) -> bool:
    return any(part in {"dist", "__pycache__"} or (part.startswith(".") and part != ".ci") for part in path.parts)


def file_size(name: str, content: bytes) -> Iterator[str]:
    """Refuse files no review can read."""
    if len(content) > FILE_BYTES:
        yield f"{name}:1 is {len(content):,} bytes; the limit is {FILE_BYTES:,}"


def forbidden_text(name: str, text: str) -> Iterator[str]:
    """Refuse marks of unfinished work, paths of one machine, and addresses of package registries."""
    reasons = {UNFINISHED: "marks unfinished work", MACHINE_PATH: "path of one machine", REGISTRY_HOST: "registry host"}
    for number, line in enumerate(text.splitlines(), 1):
        for pattern, reason in reasons.items():
            if found := pattern.search(line):
                yield f"{name}:{number} {reason}: {found[0]}"


def python_module(name: str, text: str) -> Iterator[str]:
    """Judge one module; ``name`` is its path from the root, with forward slashes."""
    lines = text.splitlines()
    if len(lines) > MODULE_LINES:
        yield f"{name}:1 has {len(lines)} lines; the limit is {MODULE_LINES}"
    yield from module_names(name)
    try:
        tree = ast.parse(text, name)
    except SyntaxError as error:
        yield f"{name}:{error.lineno} {error.msg}"
        return
    yield from sizes_and_class_names(name, tree)
    if name.startswith("desktop/"):
        yield from imports_in_functions(name, tree, lines)
        yield from pure_imports(name, tree)
        yield from clock_reads(name, tree)


def module_names(name: str) -> Iterator[str]:
    """Refuse names that say nothing, and inside desktop/ names of the standard library."""
    path = PurePosixPath(name)
    parts = [*path.parts[1:-1], path.stem] if path.parts[1:] else [path.stem]
    for part in parts:
        if words := FORBIDDEN_WORDS & set(part.lower().split("_")):
            yield f"{name}:1 the name {part} says nothing ({', '.join(words)})"
        if path.parts[0] == "desktop" and part in sys.stdlib_module_names - {"__init__", "__main__"}:
            yield f"{name}:1 {part} shadows the standard library"


def sizes_and_class_names(name: str, tree: ast.Module) -> Iterator[str]:
    """Hold functions and classes to their limits."""
    for node in ast.walk(tree):
        if isinstance(node, Function):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > FUNCTION_LINES:
                yield f"{name}:{node.lineno} {node.name} has {length} lines; the limit is {FUNCTION_LINES}"
        elif isinstance(node, ast.ClassDef):
            methods = sum(isinstance(item, Function) for item in node.body)
            if methods > CLASS_METHODS:
                yield f"{name}:{node.lineno} {node.name} has {methods} methods; the limit is {CLASS_METHODS}"
            words = {word.lower() for word in re.findall(r"[A-Z]+[a-z0-9]*", node.name)}
            if found := FORBIDDEN_WORDS & words:
                yield f"{name}:{node.lineno} the name {node.name} says nothing ({', '.join(found)})"


def imports_in_functions(name: str, tree: ast.Module, lines: list[str]) -> Iterator[str]:
    """Refuse imports inside functions, but for bootstrap and for slow libraries with a comment on or above the line."""
    if name.startswith("desktop/bootstrap/"):
        return
    inside = {
        node
        for function in ast.walk(tree)
        if isinstance(function, Function)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    for node in sorted(inside, key=lambda node: node.lineno):
        roots = {module.partition(".")[0] for module in imported_modules(node)}
        if not roots <= SLOW_LIBRARIES:
            yield f"{name}:{node.lineno} imports {', '.join(sorted(roots))} inside a function"
        elif not any("#" in line for line in lines[max(0, node.lineno - 2) : node.lineno]):
            yield f"{name}:{node.lineno} a slow import inside a function needs a comment that says so"


def pure_imports(name: str, tree: ast.Module) -> Iterator[str]:
    """Refuse third-party imports in domain, and the standard library's HTTP clients outside their folders."""
    folder = PurePosixPath(name).parts[1]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            for module in imported_modules(node):
                package = module.partition(".")[0]
                if folder == "domain" and package not in {*sys.stdlib_module_names, "desktop"}:
                    yield f"{name}:{node.lineno} domain is pure Python; {package} is third-party"
                if module in CLIENT_MODULES and folder not in CLIENT_FOLDERS:
                    yield f"{name}:{node.lineno} {module} belongs in {', '.join(sorted(CLIENT_FOLDERS))}"


def imported_modules(node: ast.Import | ast.ImportFrom) -> list[str]:
    """Name the modules of an import; ``from urllib import request`` counts as ``urllib.request`` too."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    module = "desktop" if node.level else node.module or ""
    return [module, *(f"{module}.{alias.name}" for alias in node.names)]


def clock_reads(name: str, tree: ast.Module) -> Iterator[str]:
    """Refuse reading the clock where time must be handed in, so that tests can move it."""
    if PurePosixPath(name).parts[1] not in CLOCKLESS_FOLDERS:
        return
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
        ):
            call = f"{node.func.value.id}.{node.func.attr}"
            if call in {
                "datetime.now",
                "datetime.utcnow",
                "datetime.today",
                "date.today",
                "time.time",
                "time.monotonic",
            }:
                yield f"{name}:{node.lineno} {call}() reads the clock; take an instant or desktop.kit.clock instead"
