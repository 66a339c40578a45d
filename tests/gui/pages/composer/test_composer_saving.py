"""What is typed reaches the disk, whatever happens."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from pytestqt.qtbot import QtBot

from desktop.domain.errors import DiskFull
from desktop.domain.posts import Content, Part, PostId
from desktop.gui.bridge.task_runners import ThreadTaskRunner
from desktop.gui.pages.composer.autosave import LONGEST_MS, PAUSE_MS, SaveState
from desktop.gui.pages.composer.viewmodel import ComposerViewModel
from desktop.storage.database import open_storage
from tests.gui.pages.composer.world import NORTH, World


def stored_text(world: World, post_id: PostId) -> str:
    return world.services.drafting.get(post_id).shared.parts[0].text


def test_the_waits_leave_room_within_a_second() -> None:
    assert PAUSE_MS <= 400
    assert LONGEST_MS <= 800


def test_the_first_key_makes_a_row(world: World, composer: ComposerViewModel, qtbot: QtBot) -> None:
    assert not world.services.drafting.list()
    composer.type_text(0, "H", 1)
    assert composer.autosave.state is SaveState.WAITING
    qtbot.waitUntil(lambda: composer.autosave.state is SaveState.SAVED, timeout=5000)
    (post,) = world.services.drafting.list()
    assert (post.id, post.shared.parts[0].text) == (composer.post.id, "H")
    assert {variant.account_id for variant in post.variants} == {account.id for account in world.accounts}


def test_typing_without_a_pause_is_saved_meanwhile(world: World, composer: ComposerViewModel, qtbot: QtBot) -> None:
    typed: list[int] = []

    def key_and_look() -> bool:
        typed.append(1)
        composer.type_text(0, "x" * len(typed), len(typed))
        return bool(world.services.drafting.list())

    qtbot.waitUntil(key_and_look, timeout=5000)  # a key every 10 ms: the pause never comes


def test_what_is_typed_before_the_services_are_there_is_kept(world: World) -> None:
    composer = world.viewmodel(ready=False)
    composer.type_text(0, "early", 5)
    composer.flush()
    assert not world.services.drafting.list()
    composer.set_ready()
    composer.flush()
    (post,) = world.services.drafting.list()
    assert post.shared.parts[0].text == "early"
    assert len(post.variants) == 3


def test_a_full_disk_is_said_and_tried_again(world: World, composer: ComposerViewModel, qtbot: QtBot) -> None:
    world.storage.fail_commit = DiskFull(path="/somewhere")
    composer.type_text(0, "precious", 8)
    composer.flush()
    assert composer.autosave.state is SaveState.FAILED
    assert "disk is full" in composer.autosave.reason
    composer.type_text(0, "precious words", 14)
    assert composer.autosave.state is SaveState.FAILED
    world.storage.fail_commit = None
    qtbot.waitUntil(lambda: composer.autosave.state is SaveState.SAVED, timeout=10_000)
    assert stored_text(world, composer.post.id) == "precious words"


def test_leaving_a_post_that_could_not_be_saved_loses_nothing(world: World, composer: ComposerViewModel) -> None:
    world.storage.fail_commit = DiskFull(path="/somewhere")
    composer.type_text(0, "precious", 8)
    composer.start_new()
    world.storage.fail_commit = None
    composer.flush()
    assert [post.shared.parts[0].text for post in world.services.drafting.list()] == ["precious"]


def test_a_post_changed_elsewhere_keeps_the_words_typed_here(world: World, composer: ComposerViewModel) -> None:
    composer.type_text(0, "mine", 4)
    composer.flush()
    drafting = world.services.drafting
    other = drafting.get(composer.post.id)
    composer.type_text(0, "mine, more", 10)
    drafting.save(replace(other, shared=Content((Part("theirs"),))))
    composer.flush()
    assert stored_text(world, composer.post.id) == "mine, more"
    assert "changed elsewhere" in world.toasts[-1][0]
    composer.type_text(0, "mine, more, still", 17)
    composer.flush()
    assert len(world.toasts) == 1
    assert stored_text(world, composer.post.id) == "mine, more, still"


def test_a_change_elsewhere_shows_when_nobody_types(world: World, composer: ComposerViewModel, qtbot: QtBot) -> None:
    composer.type_text(0, "mine", 4)
    composer.flush()
    drafting = world.services.drafting
    drafting.save(replace(drafting.get(composer.post.id), shared=Content((Part("theirs"),))))
    qtbot.waitUntil(lambda: composer.content.parts[0].text == "theirs", timeout=5000)
    assert not world.toasts


def test_a_post_deleted_elsewhere_is_left(world: World, composer: ComposerViewModel, qtbot: QtBot) -> None:
    composer.type_text(0, "mine", 4)
    composer.flush()
    world.services.drafting.delete([composer.post.id])
    qtbot.waitUntil(lambda: composer.is_untouched, timeout=5000)


def test_a_post_that_was_removed_altogether_is_made_anew(world: World, composer: ComposerViewModel) -> None:
    composer.type_text(0, "a", 1)
    composer.flush()
    del world.storage._tables.posts[composer.post.id]
    composer.type_text(0, "ab", 2)
    composer.flush()
    assert stored_text(world, composer.post.id) == "ab"


def test_an_override_is_stored_with_the_first_key(world: World, composer: ComposerViewModel) -> None:
    composer.select_tab(NORTH.id)
    composer.type_text(0, "only here", 9)
    composer.flush()
    post = world.services.drafting.get(composer.post.id)
    assert post.content_for(NORTH.id).parts[0].text == "only here"
    assert post.shared.is_empty


def test_on_real_storage_and_threads_a_flush_before_shutdown_is_on_disk(qapp: object, tmp_path: Path) -> None:
    path = tmp_path / "tidings.db"
    storage = open_storage(path, backups=tmp_path / "backups")
    tasks = ThreadTaskRunner()
    world = World(tmp_path, storage=storage, tasks=tasks)
    composer = world.viewmodel()
    for count in range(1, 30):
        composer.type_text(0, "word " * count, 5 * count)
        composer.flush()  # several writes under way at once: each has to know the version of the one before
    composer.close()
    tasks.shutdown()
    storage.close()
    again = open_storage(path, backups=tmp_path / "backups")
    with again.read() as work:
        (post,) = work.posts.list()
    assert post.shared.parts[0].text == "word " * 29
    again.close()
    composer.deleteLater()
