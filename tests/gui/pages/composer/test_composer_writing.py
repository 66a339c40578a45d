"""Writing in the real page with real keys."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop.domain.posts import Content, MediaUse, Part
from desktop.gui.pages.composer.dialogs import AltTextDialog
from desktop.gui.pages.composer.editor import PostEditor
from desktop.gui.pages.composer.media_tile import MEDIA_MIME
from desktop.gui.pages.composer.thread_card import PART_MIME
from desktop.gui.pages.composer.view import ComposerView
from desktop.gui.pages.composer.viewmodel import ComposerViewModel
from desktop.kit.resources import resource_path
from tests.gui.pages.composer.world import NORTH, PAGE, STUDIO, World

FAMILY = "👨‍👩‍👧‍👦"
NONE, CTRL, ALT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
)


def model(page: ComposerView) -> ComposerViewModel:
    return page.viewmodel


def texts(page: ComposerView) -> list[str]:
    """What the cards show, after checking that the model says the same."""
    shown = [card.editor.text() for card in page.parts.cards]
    assert shown == [part.text for part in model(page).content.parts]
    return shown


def editor(page: ComposerView, index: int = 0) -> PostEditor:
    return page.parts.cards[index].editor


def find(page: ComposerView, identifier: str) -> QWidget:
    found = page.window().findChild(QWidget, identifier)
    assert isinstance(found, QWidget), identifier
    return found


def press(page: ComposerView, identifier: str) -> None:
    button = find(page, identifier)
    assert isinstance(button, QAbstractButton)
    assert button.isVisible(), identifier
    assert button.isEnabled(), identifier
    button.click()


def picture(name: str = "blue-vase.jpg") -> Path:
    return resource_path("samples") / name


# --- text and threads ------------------------------------------------------------------------------------------------


def test_typing_shows_title_count_and_colour(page: ComposerView, qtbot: QtBot) -> None:
    qtbot.keyClicks(editor(page), "Hello @you")
    editor(page).insertPlainText(FAMILY)
    assert texts(page) == [f"Hello @you{FAMILY}"]
    assert page.parts.cards[0].counter.accessibleName() == "35 of 500 characters"
    assert find(page, "composer.title").accessibleName() == f"Hello @you{FAMILY}"
    formats = [f for f in editor(page).document().firstBlock().textFormats() if f.format.foreground().style()]
    assert [(found.start, found.length) for found in formats if found.format.hasProperty(0x821)] == [(6, 4)]


def test_one_family_emoji_too_many_is_red_and_blocked_with_the_right_number(page: ComposerView, qtbot: QtBot) -> None:
    editor(page).insertPlainText("x" * 480)
    assert not editor(page).extraSelections()
    editor(page).insertPlainText(FAMILY)
    (red,) = editor(page).extraSelections()
    assert (red.cursor.selectionStart(), red.cursor.selectionEnd()) == (480, 491)
    qtbot.waitUntil(lambda: any("505 of 500" in f.message for f in model(page).checks.report.blocking), timeout=5000)
    qtbot.keyClick(editor(page), Qt.Key.Key_Backspace)
    assert not editor(page).extraSelections()


def test_two_enters_at_the_end_begin_a_new_card_and_one_undo_takes_it_back(page: ComposerView, qtbot: QtBot) -> None:
    qtbot.keyClicks(editor(page), "one")
    qtbot.keyClick(editor(page), Qt.Key.Key_Return)
    qtbot.keyClick(editor(page), Qt.Key.Key_Return)
    assert texts(page) == ["one", ""]
    assert editor(page, 1).hasFocus()
    qtbot.keyClicks(editor(page, 1), "two")
    assert texts(page) == ["one", "two"]
    qtbot.keyClick(editor(page, 1), Qt.Key.Key_Z, CTRL)
    assert texts(page) == ["one", ""]
    qtbot.keyClick(editor(page, 1), Qt.Key.Key_Z, CTRL)
    assert texts(page) == ["one\n\n"]
    assert editor(page).hasFocus()


def test_two_enters_stay_in_the_text_where_no_network_takes_threads(page: ComposerView, qtbot: QtBot) -> None:
    model(page).choose_accounts([PAGE.id])
    qtbot.keyClicks(editor(page), "one")
    qtbot.keyClick(editor(page), Qt.Key.Key_Return)
    qtbot.keyClick(editor(page), Qt.Key.Key_Return)
    assert texts(page) == ["one\n\n"]


def test_ctrl_enter_splits_behind_an_emoji_and_backspace_in_an_empty_card_removes_it(
    page: ComposerView, qtbot: QtBot
) -> None:
    editor(page).insertPlainText(f"{FAMILY} one two")
    editor(page).set_position(len(f"{FAMILY} one"))
    qtbot.keyClick(editor(page), Qt.Key.Key_Return, CTRL)
    assert texts(page) == [f"{FAMILY} one", "two"]
    editor(page, 1).selectAll()
    qtbot.keyClick(editor(page, 1), Qt.Key.Key_Delete)
    qtbot.keyClick(editor(page, 1), Qt.Key.Key_Backspace)
    assert texts(page) == [f"{FAMILY} one"]
    assert editor(page).hasFocus()
    assert editor(page).position == len(f"{FAMILY} one")


def three(page: ComposerView) -> None:
    model(page).restructure(Content((Part("a"), Part("b"), Part("c"))), 0)


def test_cards_move_by_keys_by_menu_and_by_dragging_and_back_by_undo(page: ComposerView, qtbot: QtBot) -> None:
    three(page)
    qtbot.keyClick(editor(page), Qt.Key.Key_Down, ALT)
    assert texts(page) == ["b", "a", "c"]
    assert editor(page, 1).hasFocus()
    page.parts.cards[2].action_requested.emit("up")
    assert texts(page) == ["b", "c", "a"]
    drop(page.parts.cards[0], PART_MIME, b"2", QPoint(100, 5))
    assert texts(page) == ["a", "b", "c"]
    for _ in range(3):
        qtbot.keyClick(page.parts.cards[page.parts.current].editor, Qt.Key.Key_Z, CTRL)
    assert texts(page) == ["a", "b", "c"]
    qtbot.keyClick(editor(page), Qt.Key.Key_Z, CTRL | Qt.KeyboardModifier.ShiftModifier)
    assert texts(page) == ["b", "a", "c"]


def test_the_menu_of_a_card_merges_and_removes(page: ComposerView) -> None:
    three(page)
    press(page, "composer.card.0.menu")
    menu = QApplication.activePopupWidget()
    assert menu is not None
    entries = {action.objectName(): action for action in menu.actions()}
    assert not entries["composer.card.0.up"].isEnabled()
    entries["composer.card.0.merge"].trigger()
    menu.close()
    assert texts(page) == ["a\n\nb", "c"]
    page.parts.cards[0].action_requested.emit("remove")
    assert texts(page) == ["c"]


def test_the_cursor_leaves_a_card_at_its_edge(page: ComposerView, qtbot: QtBot) -> None:
    three(page)
    page.parts.focus(0)
    qtbot.keyClick(editor(page), Qt.Key.Key_Down)
    assert editor(page, 1).hasFocus()
    qtbot.keyClick(editor(page, 1), Qt.Key.Key_Up)
    assert editor(page).hasFocus()


def test_the_field_is_as_high_as_its_text(page: ComposerView) -> None:
    low = editor(page).height()
    editor(page).insertPlainText("\n".join("line" for _ in range(12)))
    assert editor(page).height() > 8 * low
    editor(page).set_text("x")
    assert editor(page).height() == low


def test_no_break_spaces_are_kept(page: ComposerView) -> None:
    editor(page).insertPlainText("38\u00a0€")
    assert texts(page) == ["38\u00a0€"]


# --- accounts --------------------------------------------------------------------------------------------------------


def test_writing_on_an_account_tab_makes_its_own_text_and_reset_can_be_undone(
    page: ComposerView, world: World, qtbot: QtBot
) -> None:
    qtbot.keyClicks(editor(page), "shared")
    press(page, f"composer.tab.{STUDIO.id}")
    page.parts.focus(0, 6)
    qtbot.keyClicks(editor(page), " and more")
    assert model(page).post.shared.parts[0].text == "shared"
    assert model(page).post.content_for(STUDIO.id).parts[0].text == "shared and more"
    assert model(page).post.content_for(NORTH.id).parts[0].text == "shared"
    assert "its own text" in find(page, f"composer.tab.{STUDIO.id}").accessibleDescription()
    press(page, "composer.tab.reset")
    assert texts(page) == ["shared"]
    undo = world.toasts[-1][2]
    assert undo is not None
    undo()
    assert texts(page) == ["shared and more"]
    press(page, "composer.tab.shared")
    assert texts(page) == ["shared"]


def test_choosing_accounts_changes_tabs_rules_and_what_is_stored(page: ComposerView, world: World) -> None:
    editor(page).insertPlainText("hello")
    press(page, "composer.accounts")
    press(page, f"composer.accounts.{NORTH.id}")
    page.header.accounts._popover.close()
    assert (
        page.window().findChild(QWidget, f"composer.tab.{NORTH.id}") is None
        or not find(page, f"composer.tab.{NORTH.id}").isVisible()
    )
    assert page.parts.cards[0].counter.accessibleName() == "5 of 2200 characters"
    model(page).flush()
    stored = world.services.drafting.get(model(page).post.id)
    assert {variant.account_id for variant in stored.variants} == {STUDIO.id, PAGE.id}
    model(page).history.undo()
    assert len(model(page).post.variants) == 3


def test_without_accounts_one_can_write_and_is_shown_where_to_go(world: World, qtbot: QtBot, tmp_path: Path) -> None:
    page = World(tmp_path / "none", accounts=()).view()
    qtbot.addWidget(page)
    page.show()
    qtbot.keyClicks(editor(page), "first words")
    with qtbot.waitSignal(page.accounts_requested):
        press(page, "composer.no_account.action")
    assert texts(page) == ["first words"]


# --- pictures --------------------------------------------------------------------------------------------------------


def drop(target: QWidget, kind: str, data: bytes, at: QPoint, urls: list[QUrl] | None = None) -> None:
    mime = QMimeData()
    if urls is not None:
        mime.setUrls(urls)
    else:
        mime.setData(kind, data)
    action, buttons = Qt.DropAction.MoveAction, Qt.MouseButton.LeftButton
    enter = QDragEnterEvent(at, action, mime, buttons, NONE)
    QApplication.sendEvent(target, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(target, QDropEvent(QPointF(at), action, mime, buttons, NONE))


def names(page: ComposerView, part: int = 0) -> list[str]:
    assets = model(page).pictures.assets
    return [assets[use.asset_id].original_name for use in model(page).content.parts[part].media]


def test_dropped_files_become_pictures_and_bad_ones_are_refused_in_place(
    page: ComposerView, tmp_path: Path, qtbot: QtBot
) -> None:
    editor(page).insertPlainText("kept")
    bad = tmp_path / "holiday.jpg"
    bad.write_text("not a picture")
    large = tmp_path / "large.png"
    with large.open("wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n")
        file.truncate(60_000_000)
    urls = [QUrl.fromLocalFile(str(path)) for path in (picture(), bad, large, picture("kiln-glow.jpg"))]
    drop(page.parts.cards[0], "", b"", QPoint(200, 20), urls)
    assert names(page) == ["blue-vase.jpg", "kiln-glow.jpg"]
    said = find(page, "composer.media.error.0")
    assert said.isVisible()
    assert "“holiday.jpg” is not an image" in said.accessibleName()
    assert "“large.png” has 60 MB; the limit is 50 MB." in said.accessibleName()
    assert texts(page) == ["kept"]
    press(page, "composer.media.error.0.close")
    assert not said.isVisible()


def test_a_pasted_picture_goes_to_the_strip_and_pasted_html_into_the_text(page: ComposerView, qtbot: QtBot) -> None:
    data = QMimeData()
    image = QImage(40, 30, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    data.setImageData(image)
    editor(page).insertFromMimeData(data)
    assert names(page) == ["Pasted picture.png"]
    data = QMimeData()
    data.setHtml("<p>Some <b>bold</b> words</p>")
    QGuiApplication.clipboard().setMimeData(data)
    qtbot.keyClick(editor(page), Qt.Key.Key_V, CTRL)
    assert texts(page) == ["Some bold words"]


def with_three_pictures(page: ComposerView) -> None:
    model(page).add_pictures(0, [picture(name) for name in ("blue-vase.jpg", "glaze-tests.jpg", "kiln-glow.jpg")])


def test_pictures_move_by_keys_and_by_dragging_and_go_with_delete(page: ComposerView, qtbot: QtBot) -> None:
    with_three_pictures(page)
    qtbot.waitUntil(lambda: find(page, "composer.media.0.2").isVisible(), timeout=5000)
    tile = find(page, "composer.media.0.0")
    qtbot.keyClick(tile, Qt.Key.Key_Right, ALT)
    assert names(page) == ["glaze-tests.jpg", "blue-vase.jpg", "kiln-glow.jpg"]
    assert find(page, "composer.media.0.1").hasFocus()
    strip = page.parts.cards[0].strip
    drop(page.parts.cards[0], MEDIA_MIME, b"0:2", strip.mapTo(page.parts.cards[0], QPoint(5, 30)))
    assert names(page) == ["kiln-glow.jpg", "glaze-tests.jpg", "blue-vase.jpg"]
    qtbot.keyClick(find(page, "composer.media.0.0"), Qt.Key.Key_Delete)
    assert names(page) == ["glaze-tests.jpg", "blue-vase.jpg"]
    model(page).history.undo()
    assert names(page) == ["kiln-glow.jpg", "glaze-tests.jpg", "blue-vase.jpg"]


def test_a_picture_can_be_dragged_to_another_post(page: ComposerView) -> None:
    with_three_pictures(page)
    model(page).restructure(Content((model(page).content.parts[0], Part("second"))), 0)
    drop(page.parts.cards[1], MEDIA_MIME, b"0:1", QPoint(200, 10))
    assert (names(page, 0), names(page, 1)) == (["blue-vase.jpg", "kiln-glow.jpg"], ["glaze-tests.jpg"])


def test_the_badge_asks_for_a_description_and_the_fix_button_leads_there(page: ComposerView, qtbot: QtBot) -> None:
    editor(page).insertPlainText("look")
    with_three_pictures(page)
    described = tuple(MediaUse(use.asset_id, "a kiln") for use in model(page).content.parts[0].media[:2])
    model(page).set_media(0, (*described, model(page).content.parts[0].media[2]))

    def missing() -> list[int]:
        codes = [finding.code for finding in model(page).checks.report.findings]
        return [place for place, code in enumerate(codes) if code == "alt_text_missing"]

    qtbot.waitUntil(lambda: len(missing()) == 3, timeout=5000)
    badge = find(page, "composer.media.0.2.alt")
    assert isinstance(badge, QAbstractButton)
    assert badge.text() == "+ ALT"
    press(page, f"composer.preflight.{missing()[0]}.fix")
    dialog = next(w for w in QApplication.topLevelWidgets() if isinstance(w, AltTextDialog) and w.isVisible())
    qtbot.addWidget(dialog)
    dialog.text.insertPlainText("x" * 1001)
    dialog.accept()
    assert dialog.isVisible()
    dialog.text.setPlainText("The kiln glows")
    dialog.accept()
    assert model(page).content.parts[0].media[2].alt_text == "The kiln glows"
    assert badge.text() == "ALT"


# --- repairing -------------------------------------------------------------------------------------------------------


def test_the_fix_splits_what_is_too_long_for_threads(page: ComposerView, qtbot: QtBot) -> None:
    model(page).choose_accounts([NORTH.id])
    editor(page).insertPlainText("A sentence with some words. " * 40)
    qtbot.waitUntil(lambda: model(page).checks.report.is_blocked, timeout=5000)
    press(page, "composer.preflight.0.fix")
    assert len(texts(page)) == 3
    qtbot.waitUntil(lambda: not model(page).checks.report.is_blocked, timeout=5000)


def test_the_fix_joins_a_chain_for_one_account_only(page: ComposerView, qtbot: QtBot) -> None:
    model(page).choose_accounts([NORTH.id, PAGE.id])
    three(page)
    qtbot.waitUntil(lambda: model(page).checks.report.is_blocked, timeout=5000)
    press(page, "composer.preflight.0.fix")
    assert texts(page) == ["a\n\nb\n\nc"]
    assert model(page).place.tab == PAGE.id
    assert len(model(page).post.content_for(NORTH.id).parts) == 3
    qtbot.waitUntil(lambda: not model(page).checks.report.is_blocked, timeout=5000)


# --- for everybody ---------------------------------------------------------------------------------------------------


def test_every_control_has_a_name_and_an_identifier_of_its_own(page: ComposerView, qtbot: QtBot) -> None:
    three(page)
    with_three_pictures(page)
    qtbot.waitUntil(lambda: bool(model(page).checks.report.findings), timeout=5000)
    controls = [w for w in page.findChildren(QWidget) if w.focusPolicy() != Qt.FocusPolicy.NoFocus and w.isVisible()]
    assert len(controls) > 30
    unnamed = [f"{type(w).__name__} {w.objectName()}" for w in controls if not w.accessibleName() or not w.objectName()]
    assert not unnamed
    identifiers = [w.accessibleIdentifier() for w in controls]
    assert len(set(identifiers)) == len(identifiers)
    small = [(w.objectName(), w.size().toTuple()) for w in controls if min(w.width(), w.height()) < 24]
    assert [name for name, _ in small if not str(name).startswith("composer.text.")] == []


def test_tab_walks_from_the_header_through_the_cards_to_the_side(page: ComposerView, qtbot: QtBot) -> None:
    editor(page).insertPlainText("hello")
    qtbot.waitUntil(find(page, "composer.when.change").isEnabled, timeout=5000)
    seen: list[str] = []
    page.header.accounts.setFocus()
    while (focus := QApplication.focusWidget()) is not None and focus.objectName() not in seen:
        seen.append(focus.objectName())
        qtbot.keyClick(focus, Qt.Key.Key_Tab)
    order = ["composer.accounts", "composer.schedule", "composer.tab.shared", "composer.text.0", "composer.media.add.0"]
    places = [seen.index(name) for name in [*order, "composer.when.change"]]
    assert places == sorted(places)


@pytest.mark.parametrize("width", [780, 1200])
def test_the_side_gives_way_when_there_is_little_room(page: ComposerView, width: int) -> None:
    page.resize(width, 700)
    assert page.side.isVisible() == (width > 940)
    press(page, "composer.side.toggle")
    assert page.side.isVisible() == (width < 940)


def test_the_fix_makes_a_pasted_picture_fit_instagram(page: ComposerView, qtbot: QtBot, tmp_path: Path) -> None:
    model(page).choose_accounts([STUDIO.id])
    wide = tmp_path / "from-the-telephone.png"
    Image.new("RGB", (4000, 3000), (90, 120, 60)).save(wide)
    model(page).add_pictures(0, [wide])
    original = model(page).content.parts[0].media[0]
    model(page).set_media(0, (MediaUse(original.asset_id, "A field"),))
    qtbot.waitUntil(lambda: model(page).checks.report.is_blocked, timeout=5000)
    press(page, "composer.preflight.0.fix")
    (fitted,) = model(page).content.parts[0].media
    assert fitted.asset_id != original.asset_id
    assert fitted.alt_text == "A field"
    qtbot.waitUntil(lambda: not model(page).checks.report.is_blocked, timeout=5000)
    model(page).history.undo()
    assert model(page).content.parts[0].media[0].asset_id == original.asset_id
