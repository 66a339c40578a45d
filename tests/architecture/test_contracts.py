"""Every import contract fails when the import it forbids is seeded into a copy of the package."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CONTRACTS = {
    contract["id"]: contract["name"]
    for contract in tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
}


@dataclass(frozen=True)
class Seed:
    """One wrong import: contract, importing module and imported module (dotted, both made when not there)."""

    contract: str
    importer: str
    imported: str


SEEDS = [
    Seed("rings", "desktop.kit.seeded", "desktop.domain.target"),
    Seed("rings", "desktop.domain.seeded", "desktop.services.target"),
    Seed("rings", "desktop.services.seeded", "desktop.storage.target"),
    Seed("rings", "desktop.gui.seeded", "desktop.storage.target"),
    Seed("rings", "desktop.worker.seeded", "desktop.connectors.target"),
    Seed("rings", "desktop.cli.seeded", "desktop.bootstrap.target"),
    Seed("rings", "desktop.files.seeded", "desktop.sandbox.target"),
    Seed("rings", "desktop.api.seeded", "desktop.gui.target"),
    Seed("rings", "desktop.license_server.seeded", "desktop.host.target"),
    Seed("sandbox", "desktop.sandbox.seeded", "desktop.domain.target"),
    Seed("sandbox", "desktop.sandbox.seeded", "desktop.services.target"),
    Seed("pages", "desktop.gui.pages.seeded.view", "desktop.gui.pages.target.viewmodel"),
    Seed("platforms", "desktop.connectors.meta.threads.seeded", "desktop.connectors.meta.instagram.target"),
    Seed("platforms", "desktop.connectors.meta.facebook.seeded", "desktop.connectors.meta.threads.target"),
    Seed("pure-domain", "desktop.domain.seeded", "pathlib"),
    Seed("pure-domain", "desktop.domain.seeded", "time"),
    Seed("pure-services", "desktop.services.seeded", "sqlite3"),
    Seed("pure-services", "desktop.services.seeded", "socket"),
    Seed("qt", "desktop.worker.seeded", "PySide6"),
    Seed("qt", "desktop.unplaced.seeded", "PySide6"),
    Seed("sql", "desktop.bootstrap.seeded", "sqlalchemy"),
    Seed("sql", "desktop.gui.seeded", "sqlite3"),
    Seed("http-clients", "desktop.services.seeded", "httpx"),
    Seed("http-clients", "desktop.gui.seeded", "httpx"),
    Seed("http-servers", "desktop.cli.seeded", "fastapi"),
    Seed("http-servers", "desktop.worker.seeded", "uvicorn"),
    Seed("apscheduler", "desktop.host.seeded", "apscheduler"),
    Seed("keyring", "desktop.bootstrap.seeded", "keyring"),
    Seed("stripe", "desktop.api.seeded", "stripe"),
]

ALLOWED = [
    Seed("rings", "desktop.services.proper", "desktop.domain.target"),
    Seed("rings", "desktop.bootstrap.proper", "desktop.gui.target"),
    Seed("qt", "desktop.gui.shell.proper", "PySide6"),
    Seed("sql", "desktop.storage.tables.proper", "sqlalchemy"),
    Seed("http-clients", "desktop.connectors.meta.threads.proper", "httpx"),
    Seed("http-servers", "desktop.sandbox.proper", "fastapi"),
    Seed("apscheduler", "desktop.worker.proper", "apscheduler"),
    Seed("keyring", "desktop.host.proper", "keyring"),
    Seed("stripe", "desktop.license_server.proper", "stripe"),
]


def _module_file(tree: Path, module: str) -> Path:
    """Return the file of a module, making the packages above it."""
    *packages, name = module.split(".")
    folder = tree
    for package in packages:
        folder /= package
        single = folder.with_suffix(".py")
        if single.exists():  # a platform may be one module today; the seed needs it to be a package
            folder.mkdir()
            single.rename(folder / "__init__.py")
        folder.mkdir(exist_ok=True)
        (folder / "__init__.py").touch()
    return folder / f"{name}.py"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Seed every wrong import into one copy, check it once, and return each broken contract's part of the answer."""
    tree = tmp_path_factory.mktemp("seeded")
    shutil.copy(ROOT / "pyproject.toml", tree)
    shutil.copytree(ROOT / "desktop", tree / "desktop", ignore=shutil.ignore_patterns("__pycache__"))
    _module_file(tree, "desktop.__main__").touch()
    for layer in ("bootstrap", "gui", "cli", "worker", "storage", "files", "connectors", "host", "sandbox"):
        _module_file(tree, f"desktop.{layer}.present").touch()
    for seed in [*SEEDS, *ALLOWED]:
        if seed.imported.startswith("desktop."):
            _module_file(tree, seed.imported).touch()
        with _module_file(tree, seed.importer).open("a", encoding="utf-8") as importer:
            importer.write(f"import {seed.imported}\n")
    command = Path(sys.executable).with_name("lint-imports")
    wide = {**os.environ, "COLUMNS": "400"}  # so that no line is folded
    answer = subprocess.run(
        [command, "--no-logo", "--no-cache"], cwd=tree, env=wide, capture_output=True, text=True, check=False
    )
    assert answer.returncode == 1, answer.stdout + answer.stderr
    return _broken_contracts(answer.stdout)


def _broken_contracts(text: str) -> dict[str, str]:
    """Split the part of the answer that explains, one heading (a line underlined with dashes) a contract."""
    pieces = re.split(r"\n([^\n]+)\n-{5,}\n", text)
    return dict(zip(pieces[1::2], pieces[2::2], strict=True))


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: f"{seed.contract}:{seed.importer}->{seed.imported}")
def test_a_wrong_import_breaks_its_contract(report: dict[str, str], seed: Seed) -> None:
    assert f"{seed.importer} -> {seed.imported}" in report[CONTRACTS[seed.contract]]


@pytest.mark.parametrize("seed", ALLOWED, ids=lambda seed: f"{seed.contract}:{seed.importer}->{seed.imported}")
def test_a_proper_import_is_let_through(report: dict[str, str], seed: Seed) -> None:
    assert f"{seed.importer} -> {seed.imported}" not in report[CONTRACTS[seed.contract]]


def test_a_new_folder_must_be_placed(report: dict[str, str]) -> None:
    assert "desktop.unplaced\n\n(Since this contract is marked as 'exhaustive'" in report[CONTRACTS["rings"]]


def test_every_contract_has_a_seed() -> None:
    assert {seed.contract for seed in SEEDS} == set(CONTRACTS)
