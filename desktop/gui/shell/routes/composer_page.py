"""The composer in the window. It takes keys before the profile is open."""

from __future__ import annotations

from datetime import date

from PySide6.QtWidgets import QWidget

from desktop.domain.posts import PostId
from desktop.gui.pages.composer.view import ComposerView
from desktop.gui.pages.composer.viewmodel import ComposerViewModel
from desktop.gui.shell.context import PageContext
from desktop.gui.shell.places import CALENDAR, Navigator


class ComposerPage(ComposerView):
    """The composer with its view model."""

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        self.viewmodel = ComposerViewModel(context)
        super().__init__(self.viewmodel, context, parent)
        self.viewmodel.setParent(self)
        if context.is_open:
            self.viewmodel.set_ready()
        else:
            context.adopted.connect(self.viewmodel.set_ready)

    @property
    def post_id(self) -> str:
        """Id of the post at hand; empty before its first key was saved."""
        return self.viewmodel.post.id

    def compose(self, day: date | None) -> None:
        """Turn to a new post; one in which nobody has written yet serves as it is."""
        if day is not None or not self.viewmodel.is_untouched:
            self.viewmodel.start_new(day)

    def flush(self) -> None:
        """Write what is not on disk yet."""
        self.viewmodel.flush()

    def open_post(self, post_id: str) -> None:
        """Turn to a stored post."""
        if post_id != self.viewmodel.post.id:
            self.viewmodel.open(PostId(post_id))


def build(context: PageContext, navigator: Navigator) -> ComposerPage:
    """Return the page, tied to the others."""
    page = ComposerPage(context)
    page.accounts_requested.connect(navigator.connect_account)
    page.delivery_requested.connect(navigator.show_delivery)
    page.viewmodel.autosave.stored.connect(lambda _post: navigator.write_place())
    page.viewmodel.opened.connect(navigator.write_place)
    page.viewmodel.planning.deleted.connect(lambda: navigator.show_place(CALENDAR.key))
    return page
