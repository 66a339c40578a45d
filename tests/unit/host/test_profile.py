"""Profiles, the environment and the locks."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from desktop.domain.errors import DatabaseReadOnly, InvalidInput
from desktop.host.environment import SecretStoreKind, read_environment
from desktop.host.paths import Profile, find_profile
from desktop.host.process_lock import ProcessLock

ROOT = Path(__file__).resolve().parents[3]


class TestProfile:
    def test_the_flag_wins_over_the_variable(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setenv("TIDINGS_PROFILE", str(tmp_path / "variable"))
        assert find_profile(tmp_path / "flag").dir == tmp_path / "flag"
        assert find_profile(None).dir == tmp_path / "variable"

    def test_without_either_it_is_the_platforms_place(self, isolated_home: Path) -> None:
        assert find_profile(None).dir.is_relative_to(isolated_home)
        assert "tidings" in str(find_profile(None).dir).lower()

    def test_a_relative_folder_counts_from_here(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.chdir(tmp_path)
        assert find_profile("mine").dir == tmp_path / "mine"

    def test_its_id_is_made_once(self, tmp_path: Path) -> None:
        profile = Profile(tmp_path)
        assert profile.identity() == profile.identity() != Profile(tmp_path / "..").identity()

    def test_a_folder_that_cannot_be_made(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("in the way")
        with pytest.raises(DatabaseReadOnly) as caught:
            Profile(tmp_path / "file" / "profile").prepare()
        assert "file/profile" in caught.value.advice.replace("\\", "/")

    @pytest.mark.skipif(sys.platform == "win32", reason="permissions of POSIX")
    def test_only_the_owner_may_look_inside(self, tmp_path: Path) -> None:
        profile = Profile(tmp_path / "p")
        profile.prepare()
        assert {path.stat().st_mode & 0o077 for path in (profile.dir, profile.media, profile.logs, profile.run)} == {0}


class TestEnvironment:
    def test_nothing_set(self) -> None:
        environment = read_environment({})
        assert (environment.secret_store, environment.networks) == (None, {})

    def test_addresses_and_secret_store(self) -> None:
        found = read_environment(
            {
                "TIDINGS_SECRET_STORE": "file",
                "TIDINGS_PASSPHRASE": "hush",
                "TIDINGS_THREADS_GRAPH_URL": "http://127.0.0.1:1/threads",
                "TIDINGS_FACEBOOK_GRAPH_URL": "",
            }
        )
        assert found.secret_store is SecretStoreKind.FILE
        assert found.networks == {"threads_graph_url": "http://127.0.0.1:1/threads"}
        assert "hush" not in repr(found)

    @pytest.mark.parametrize(
        ("name", "value"), [("TIDINGS_SECRET_STORE", "plain"), ("TIDINGS_DATABASE_URL", "postgresql://x")]
    )
    def test_what_cannot_be_used_is_refused_by_name(self, name: str, value: str) -> None:
        with pytest.raises(InvalidInput, match=name):
            read_environment({name: value})

    @pytest.mark.skipif(sys.platform == "win32", reason="TZ is a POSIX matter")
    @pytest.mark.parametrize("zone", ["America/New_York", "Europe/Oslo"])
    def test_the_computers_zone_is_a_name(self, zone: str) -> None:
        # in a process of its own: the answer is kept for the life of one
        code = "from desktop.host.time_zone import computer_zone; print(computer_zone())"
        environment = {**os.environ, "TZ": zone}
        output = subprocess.check_output([sys.executable, "-c", code], cwd=ROOT, env=environment, text=True)
        assert output.strip() == zone


class TestProcessLock:
    def test_one_holder_at_a_time(self, tmp_path: Path) -> None:
        first, second = ProcessLock(tmp_path / "a.lock"), ProcessLock(tmp_path / "a.lock")
        assert first.acquire()
        assert first.acquire()
        assert not second.acquire()
        assert second.holder() == os.getpid()
        first.release()
        assert second.acquire()
        second.release()
        second.release()

    def test_it_dies_with_its_process(self, tmp_path: Path) -> None:
        code = (
            "import sys; from pathlib import Path; from desktop.host.process_lock import ProcessLock\n"
            "lock = ProcessLock(Path(sys.argv[1])); print(lock.acquire(), flush=True); sys.stdin.read()"
        )
        path = tmp_path / "a.lock"
        with subprocess.Popen(
            [sys.executable, "-c", code, str(path)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "True\n"
            lock = ProcessLock(path)
            assert not lock.acquire()
            assert lock.holder() == process.pid
            process.kill()
            process.wait()
            assert lock.acquire()
            lock.release()
