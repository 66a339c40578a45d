"""Pictures of every page and dialog of the window, to be looked at.

    python build/pictures.py FOLDER

A real window, offscreen, on a real sandbox workspace: sample posts, some published, some in trouble. Light, dark,
small, with large text, and at two device pixels per point.
"""

# ruff: noqa: E402 - the checkout has to be on the path, and the platform chosen, before the imports

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtWidgets import QDialog

from desktop.bootstrap.container import Container, build_container
from desktop.domain.accounts import Account, AccountState
from desktop.domain.deliveries import DeliveryState, FailureNote, PartProgress, Payload, PayloadPart, Tombstone
from desktop.domain.errors import DatabaseNewer, FailureKind
from desktop.domain.networks import Network, PostFormat
from desktop.domain.posts import Content, MediaUse, Part
from desktop.gui.app import application
from desktop.gui.bridge.messages import message_for
from desktop.gui.shell.closing import CloseDialog
from desktop.gui.shell.dialogs import AboutDialog, ShortcutsDialog
from desktop.gui.shell.studio import Studio
from desktop.gui.shell.trouble_page import TroublePage
from desktop.host.environment import Environment
from desktop.host.paths import Profile
from desktop.kit.resources import resource_path
from tests.support.workspaces import plan

S = DeliveryState


def fill(container: Container) -> None:
    """Samples, posts that went out, and one of each trouble."""
    container.samples.create()
    accounts = {account.network: account for account in container.accounts.list()}
    publish(container, accounts)
    threads, instagram, facebook = (accounts[network] for network in Network)
    too_wide = FailureNote(FailureKind.BAD_INPUT, "The aspect ratio is not supported", 400, "36003", 2207009)
    plan(
        container,
        "Harbour set: nine glazes in one picture",
        -timedelta(hours=3),
        account=instagram,
        state=S.FAILED,
        last_failure=too_wide,
    )
    plan(container, "Night firing, live from the shed", -timedelta(hours=1), account=facebook, state=S.MISSED)
    plan(
        container,
        "Is it art or is it dishwasher safe?",
        -timedelta(days=1),
        account=threads,
        state=S.NEEDS_REVIEW,
        parts=(PartProgress(container_id="c", tombstones=(Tombstone("c"),)),),
        payload=Payload(Network.THREADS, PostFormat.FEED, (PayloadPart("Is it art or is it dishwasher safe?"),)),
        payload_sha256="0" * 64,
    )


def publish(container: Container, accounts: dict[Network, Account]) -> None:
    """Have three posts published by the real publisher."""
    picture = container.media.add_file(resource_path("samples", "three-bowls.jpg"))
    use = MediaUse(picture.id, "Three bowls in blue and sand on a plank.")
    thread = Content(tuple(Part(text) for text in ("Three things about celadon.", "It is iron.", "It is patience.")))
    for content, networks in (
        (Content((Part("Good morning from the studio. The kettle is on."),)), (Network.THREADS, Network.FACEBOOK)),
        (Content((Part("Three bowls, one afternoon.", media=(use,)),)), (Network.INSTAGRAM,)),
        (thread, (Network.THREADS,)),
    ):
        post = container.drafting.create(content, [accounts[network].id for network in networks])
        container.scheduling.publish_now(post.id, zone="Europe/Oslo")
    container.publisher.run_until_idle()


def take_all(container: Container, folder: Path, scale: int) -> None:
    """Save everything at one device pixel ratio."""
    qt = application()
    suffix = f"@{scale}x" if scale > 1 else ""
    studio = Studio(qt, container)
    thread = studio.richest_post()
    for mode in ("light", "dark"):
        studio.save_pages(folder, mode, thread, suffix=suffix)
    if scale == 1:
        take_details(studio, folder)
    studio.close()
    if scale == 1:
        for name, size, text in (("small", (1024, 700), 1.0), ("large-text", (1440, 900), 1.3)):
            studio = Studio(qt, container, size)
            studio.save_pages(folder, "light", thread, text_scale=text, suffix=f"-{name}")
            studio.close()


def take_details(studio: Studio, folder: Path) -> None:
    """Save what opens over the pages, and Activity at each kind of trouble."""
    window = studio.window
    studio.set_look("light")
    for summary in studio.context.services.deliveries.list(states=(S.FAILED, S.NEEDS_REVIEW, S.MISSED, S.PUBLISHED)):
        window.show_delivery(summary.delivery.id)
        studio.save(folder / f"activity-{summary.delivery.state}.png")
    window.connect_account()
    dialogs: list[tuple[str, QDialog]] = [("connect", window.findChildren(QDialog)[-1])]
    dialogs += [
        ("close", CloseDialog(window, lambda _choice, _is_remembered: None)),
        ("about", AboutDialog(window)),
        ("shortcuts", ShortcutsDialog(studio.menus.actions.all(), window)),
    ]
    for name, dialog in dialogs:
        dialog.open()
        studio.save(folder / f"dialog-{name}.png", dialog)
        dialog.reject()
    trouble(studio, folder)


def trouble(studio: Studio, folder: Path) -> None:
    """Save the notices and the page of a profile that cannot be opened."""
    workspace = studio.context.services
    account = workspace.accounts.list()[1]
    with workspace.storage.write() as work:  # type: ignore[attr-defined]  # the real container has one
        lapsed = work.accounts.get(account.id).in_state(AccountState.RECONNECT, "Session has expired.")
        work.accounts.save(lapsed)
        work.commit()
    workspace.deliveries.pause()
    studio.overview.reload()
    studio.window.show_place("accounts")
    studio.save(folder / "notices-light.png")
    workspace.deliveries.resume()
    page = TroublePage(message_for(DatabaseNewer(found=9, known=1)), on_retry=lambda: None, on_quit=lambda: None)
    studio.window.show_trouble(page)
    studio.save(folder / "trouble-light.png")
    studio.window.clear_trouble()


def main() -> None:
    """Fill a workspace and take the pictures; the other pixel ratio needs a process of its own."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    if "--scale" in sys.argv:
        take(Path(sys.argv[3]), folder, scale=2)
        return
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        take(Path(profile), folder, scale=1)
        environment = dict(os.environ, QT_SCALE_FACTOR="2")
        subprocess.run([sys.executable, __file__, str(folder), "--scale", profile], env=environment, check=True)
    print(*sorted(path.name for path in folder.glob("*.png")), sep="\n")


def take(profile: Path, folder: Path, scale: int) -> None:
    """Open the workspace, fill it the first time, take the pictures."""
    container = build_container(Profile(profile), Environment())
    try:
        if not container.accounts.list():
            fill(container)
        take_all(container, folder, scale)
    finally:
        container.close()


if __name__ == "__main__":
    main()
