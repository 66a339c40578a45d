"""The right side of Activity: one delivery with everything known about it."""

from __future__ import annotations

import json

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from desktop.domain.accounts import ACCOUNT_HOLDS
from desktop.domain.deliveries import UNSETTLED_STATES, Delivery, DeliveryState
from desktop.gui.pages.activity.review_dialog import LiveLinkDialog
from desktop.gui.pages.activity.timeline import TimelineStep
from desktop.gui.pages.activity.viewmodel import ActivityViewModel
from desktop.gui.pages.activity.words import attempt_words, explanation, state_look, title_of
from desktop.gui.widgets.avatar import Avatar
from desktop.gui.widgets.buttons import Button
from desktop.gui.widgets.cards import Divider, Panel, SectionHeader
from desktop.gui.widgets.dialogs import ConfirmDialog
from desktop.gui.widgets.empty_state import EmptyState
from desktop.gui.widgets.flow_layout import FlowLayout
from desktop.gui.widgets.identity import identify
from desktop.gui.widgets.labels import ElidedLabel, Label
from desktop.gui.widgets.layouts import column, row
from desktop.gui.widgets.scroll import ScrollArea
from desktop.gui.widgets.status import StatusPill
from desktop.kit.i18n import tr
from desktop.services.publishing.report import detail_to_json
from desktop.services.publishing.service import DeliveryDetail

S = DeliveryState
_RETRYABLE = (S.FAILED, S.MISSED, S.HELD, S.RETRY_WAIT)
_ATTEMPTS_SHOWN = 40


class DetailPanel(Panel):
    """Built anew when the chosen delivery changes."""

    post_requested = Signal(str)
    accounts_requested = Signal()

    def __init__(self, viewmodel: ActivityViewModel, parent: QWidget | None = None) -> None:
        super().__init__(fill="sidebar", line="left", parent=parent)
        self._viewmodel = viewmodel
        self._shows_attempts = False
        identify(self, "activity.detail", tr("Delivery"))
        self._stack = QStackedWidget()
        self._stack.addWidget(EmptyState("history", tr("Choose a delivery to see what happened to it.")))
        self.setLayout(row(self._stack))
        viewmodel.detail_changed.connect(self._refresh)

    def _refresh(self) -> None:
        detail = self._viewmodel.detail
        while (old := self._stack.widget(1)) is not None:
            self._stack.removeWidget(old)
            old.deleteLater()
        if detail is not None:
            content = QWidget()
            content.setLayout(self._content(detail))
            self._stack.addWidget(ScrollArea(content))
            self._stack.setCurrentIndex(1)

    def _content(self, detail: DeliveryDetail) -> QVBoxLayout:
        delivery, account, context = detail.delivery, detail.account, self._viewmodel.context
        words, status = state_look(delivery.state)
        name = account.display_name or account.username
        now, zone = context.clock.now(), context.zone()
        said = explanation(delivery, now, zone)
        pill = StatusPill(words, status)
        identify(pill, "activity.detail.state", words)
        who = column(ElidedLabel(name, "body", weight=600), Label(account.network.label, "label", "muted"), spacing=1)
        head = row(Avatar(name, account.hue, 34, account.network), who, pill, spacing=12)
        head.setStretch(1, 1)
        explained = Label(said, "body", "muted", wrap=True)
        identify(explained, "activity.detail.explanation", said)
        layout = column(
            head,
            Label(title_of(detail.title), "h2", wrap=True),
            explained,
            self._buttons(detail),
            Divider(),
            SectionHeader(tr("What happened")),
            self._timeline(detail),
            spacing=12,
            margins=(20, 18, 20, 24),
        )
        if detail.attempts:
            layout.addWidget(Divider())
            layout.addLayout(self._attempts(detail))
        layout.addStretch()
        return layout

    # --- what can be done ----------------------------------------------------------------------------------------

    def _buttons(self, detail: DeliveryDetail) -> QWidget:
        frame = QWidget()
        flow = FlowLayout(8)
        frame.setLayout(flow)
        for button in (*self._main_buttons(detail), *self._other_buttons(detail)):
            flow.addWidget(button)
        return frame

    def _main_buttons(self, detail: DeliveryDetail) -> list[Button]:
        delivery, viewmodel = detail.delivery, self._viewmodel
        if delivery.state is S.NEEDS_REVIEW:
            return [
                Button(tr("It is live (paste link)"), "activity.review.live", size="sm", on_click=self._ask_link),
                Button(
                    tr("It is not live, publish"), "activity.review.not_live", size="sm", on_click=self._ask_publish
                ),
            ]
        if delivery.permalink:
            return [
                Button(
                    tr("Open on {network}", network=detail.account.network.label),
                    "activity.permalink.open",
                    kind="primary",
                    icon="arrow-up-right",
                    size="sm",
                    on_click=lambda: _open(delivery),
                ),
                Button(
                    tr("Copy link"), "activity.permalink.copy", icon="copy", size="sm", on_click=lambda: _copy(delivery)
                ),
            ]
        if delivery.state is S.HELD and delivery.reason in ACCOUNT_HOLDS:
            words = tr("Connect the account")
            return [
                Button(words, "activity.accounts", kind="primary", size="sm", on_click=self.accounts_requested.emit)
            ]
        if delivery.state in _RETRYABLE:
            words = tr("Publish now") if delivery.state is S.MISSED else tr("Try again")
            return [
                Button(
                    words,
                    "activity.retry",
                    kind="primary",
                    size="sm",
                    on_click=lambda: viewmodel.retry(delivery.id),
                )
            ]
        return []

    def _other_buttons(self, detail: DeliveryDetail) -> list[Button]:
        delivery = detail.delivery
        words = tr("Open the post") if delivery.was_sent else tr("Edit the post")
        buttons = [
            Button(
                words,
                "activity.post",
                icon="square-pen",
                size="sm",
                on_click=lambda: self.post_requested.emit(delivery.post_id),
            )
        ]
        if delivery.state not in UNSETTLED_STATES | {S.PUBLISHED, S.NEEDS_REVIEW, S.CANCELLED}:
            words = tr("Dismiss") if delivery.state is S.FAILED else tr("Do not publish")
            cancel = Button(
                words,
                "activity.cancel",
                kind="ghost",
                size="sm",
                on_click=lambda: self._viewmodel.cancel(detail),
            )
            buttons.append(cancel)
        return buttons

    def _ask_link(self) -> None:
        detail = self._viewmodel.detail
        if detail is not None:
            found = detail.delivery.id
            LiveLinkDialog(self.window(), lambda url: self._viewmodel.resolve_published(found, url)).open()

    def _ask_publish(self) -> None:
        detail = self._viewmodel.detail
        if detail is not None:
            found = detail.delivery.id
            ConfirmDialog(
                "republish",
                tr("Publish it again?"),
                tr("If it is live after all, it will appear twice on {network}.", network=detail.account.network.label),
                self.window(),
                confirm=tr("It is not live, publish"),
                on_confirm=lambda: self._viewmodel.resolve_not_published(found),
            ).open()

    # --- what happened -------------------------------------------------------------------------------------------

    def _timeline(self, detail: DeliveryDetail) -> QWidget:
        context = self._viewmodel.context
        now, zone, last = context.clock.now(), context.zone(), len(detail.timeline) - 1
        steps = [
            TimelineStep(entry, now, zone, is_first=place == 0, is_last=place == last)
            for place, entry in enumerate(detail.timeline)
        ]
        frame = QWidget()
        frame.setLayout(column(*steps, spacing=0))
        identify(frame, "activity.timeline", tr("What happened"))
        return frame

    def _attempts(self, detail: DeliveryDetail) -> QVBoxLayout:
        lines = [
            column(Label(said, "body", wrap=True), Label(small, "caption", "faint", wrap=True), spacing=2)
            for said, small in (
                attempt_words(attempt, self._viewmodel.context.zone()) for attempt in detail.attempts[-_ATTEMPTS_SHOWN:]
            )
        ]
        body = QWidget()
        body.setLayout(column(*lines, spacing=10))
        body.setVisible(self._shows_attempts)
        toggle = Button(
            tr("Calls and answers"),
            "activity.attempts",
            kind="ghost",
            icon="chevron-down" if self._shows_attempts else "chevron-right",
            size="sm",
        )

        def turn() -> None:
            self._shows_attempts = not self._shows_attempts
            body.setVisible(self._shows_attempts)
            toggle.set_icon("chevron-down" if self._shows_attempts else "chevron-right")

        toggle.clicked.connect(lambda _checked=False: turn())
        copy = Button(tr("Copy details"), "activity.copy", kind="ghost", icon="copy", size="sm")
        copy.clicked.connect(lambda _checked=False: _copy_details(detail))
        return column(row(toggle, None, copy), body, spacing=10)


def _open(delivery: Delivery) -> None:
    if delivery.permalink:
        QDesktopServices.openUrl(QUrl(delivery.permalink))


def _copy(delivery: Delivery) -> None:
    QGuiApplication.clipboard().setText(delivery.permalink or "")


def _copy_details(detail: DeliveryDetail) -> None:
    QGuiApplication.clipboard().setText(json.dumps(detail_to_json(detail), indent=2, ensure_ascii=False))
