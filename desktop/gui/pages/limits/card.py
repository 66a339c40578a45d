"""How one account stands with its network."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtWidgets import QWidget

from desktop.gui.pages.limits.meter import Meter
from desktop.gui.pages.limits.words import (
    frees_words,
    handle_of,
    kind_words,
    left_words,
    reading_words,
    state_words,
    told_words,
)
from desktop.gui.widgets.avatar import Avatar
from desktop.gui.widgets.cards import Card
from desktop.gui.widgets.identity import identify
from desktop.gui.widgets.labels import ElidedLabel, Label
from desktop.gui.widgets.layouts import column, row
from desktop.gui.widgets.status import StatusPill
from desktop.kit.i18n import tr
from desktop.services.limits.governor import SLOW_PERCENT
from desktop.services.limits.ports import QuotaKind
from desktop.services.limits.service import AccountLimits

_TIGHT = 0.8
_ALWAYS_SHOWN = (QuotaKind.POSTS, QuotaKind.REPLIES, QuotaKind.REELS)


class LimitsCard(Card):
    """Shows one account; nothing on it can be pressed."""

    def __init__(self, limits: AccountLimits, now: datetime, zone: str, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        account = limits.account
        name = account.display_name or account.username
        words, status = state_words(limits, now, zone)
        identify(self, f"limits.card.{account.id}", tr("{name}: {state}", name=name, state=words))
        pill = identify(StatusPill(words, status), f"limits.state.{account.id}", words)
        who = column(ElidedLabel(name, "h2"), Label(handle_of(account), "body", "muted"), spacing=2)
        top = row(Avatar(name, account.hue, 36, account.network), who, pill, spacing=12)
        top.setStretch(1, 1)
        body = column(top, spacing=14, margins=(18, 16, 18, 14))
        for quota in limits.quotas:
            # what hardly anybody uses is shown once somebody does
            if quota.kind in _ALWAYS_SHOWN or quota.used:
                note, part = frees_words(quota, now, zone), quota.used / max(1, quota.total)
                meter = Meter(
                    f"limits.{quota.kind}.{account.id}", kind_words(quota), left_words(quota), note, part, _TIGHT
                )
                body.addWidget(meter)
        body.addWidget(
            Meter(
                f"limits.reading.{account.id}",
                tr("Calls to the network"),
                tr("{percent} % used", percent=limits.percent),
                reading_words(limits, now, zone),
                limits.percent / 100,
                SLOW_PERCENT / 100,
            )
        )
        body.addWidget(Label(told_words(limits, now, zone), "caption", "faint", wrap=True))
        self.setLayout(body)
