"""What has to be repaired before the post goes out, line by line."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop.domain.accounts import AccountId
from desktop.gui.pages.composer.viewmodel import ComposerViewModel
from desktop.gui.theme.painting import STATUS_LOOKS, Status
from desktop.gui.widgets.buttons import LinkButton
from desktop.gui.widgets.cards import Card
from desktop.gui.widgets.identity import identify
from desktop.gui.widgets.labels import IconLabel, Label
from desktop.gui.widgets.layouts import column, row
from desktop.kit.i18n import tr
from desktop.services.drafting.findings import Finding, Fix, Severity

_STATUS: dict[Severity, Status] = {Severity.OK: "ok", Severity.WARN: "warning", Severity.BLOCK: "danger"}
_FIX_WORDS: dict[Fix, str] = {
    Fix.CHOOSE_ACCOUNT: "Choose",
    Fix.RECONNECT_ACCOUNT: "Connect",
    Fix.WRITE_TEXT: "Write",
    Fix.SHORTEN_TEXT: "Show",
    Fix.SPLIT_TEXT: "Split",
    Fix.JOIN_PARTS: "Join",
    Fix.REMOVE_PART: "Remove",
    Fix.ADD_MEDIA: "Add",
    Fix.REMOVE_MEDIA: "Remove",
    Fix.FIT_MEDIA: "Fit",
    Fix.REPLACE_MEDIA: "Show",
    Fix.ADD_ALT_TEXT: "Add",
    Fix.SHORTEN_ALT_TEXT: "Shorten",
}


def told_once(findings: Sequence[Finding], own_texts: Collection[AccountId | None]) -> list[Finding]:
    """Return the findings, gravest first, without what says the same again.

    What is true for several accounts that follow the shared text is said once. A chain where none can go hides what
    is wrong inside it: that changes once the parts are joined.
    """
    chains = {f.account_id for f in findings if f.fix is Fix.JOIN_PARTS}
    shown: dict[tuple[object, ...], Finding] = {}
    for finding in findings:
        if finding.account_id in chains and finding.part is not None:
            continue
        tab = finding.account_id if finding.account_id in own_texts else None
        key = (finding.code, finding.message, tab, finding.part, finding.media)
        is_repeated = key in shown and finding.severity is not Severity.OK
        shown[key] = replace(finding, account_id=tab) if is_repeated else finding
    return sorted(shown.values(), key=lambda finding: -list(Severity).index(finding.severity))


class FindingsCard(Card):
    """What the check says, line by line; each may have a button that repairs it."""

    fix_requested = Signal(object)

    def __init__(self, viewmodel: ComposerViewModel, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._rows = column(spacing=2)
        self.setLayout(column(Label(tr("Before it goes out"), "h2"), self._rows, spacing=6, margins=(14, 12, 8, 12)))
        identify(self, "composer.preflight", tr("Before it goes out"))
        self._viewmodel = viewmodel
        self._lines: list[_FindingLine] = []
        viewmodel.checks.changed.connect(self._show)
        viewmodel.opened.connect(self._show)
        viewmodel.accounts_changed.connect(self._show)

    def _show(self) -> None:
        own_texts = {variant.account_id for variant in self._viewmodel.post.variants if variant.override is not None}
        findings = told_once(self._viewmodel.checks.report.findings, own_texts)
        for line in self._lines:
            self._rows.removeWidget(line)
            line.hide()
            line.deleteLater()
        self._lines = [self._line(index, finding) for index, finding in enumerate(findings)]
        for line in self._lines:
            self._rows.addWidget(line)
        self.setVisible(bool(findings))

    def _line(self, index: int, finding: Finding) -> _FindingLine:
        line = _FindingLine(index, finding, self._prefix(finding))
        if line.fix is not None:
            line.fix.clicked.connect(lambda _checked=False: self.fix_requested.emit(finding))
            line.fix.setEnabled(not self._viewmodel.is_read_only)
        return line

    def _prefix(self, finding: Finding) -> str:
        """Name the account and the part where the words do not."""
        chosen, about = self._viewmodel.chosen, finding.account_id
        account = next((account for account in chosen if account.id == about), None)
        words = []
        if account is not None and account.network.label not in finding.message and len(chosen) > 1:
            words.append(account.network.label)
        post = self._viewmodel.post
        content = post.shared if account is None else post.content_for(account.id)
        if finding.part is not None and len(content.parts) > 1:
            words.append(tr("Post {number}", number=finding.part + 1))
        return ", ".join(words) + ": " if words else ""


class _FindingLine(QWidget):
    def __init__(self, index: int, finding: Finding, prefix: str) -> None:
        super().__init__()
        icon, ink, _ = STATUS_LOOKS[_STATUS[finding.severity]]
        words = prefix + finding.message
        label = Label(words, "label", wrap=True)
        self.fix: LinkButton | None = None
        layout = row(IconLabel(icon, ink, 16), label, spacing=9)
        layout.setStretch(1, 1)
        if finding.fix in _FIX_WORDS:
            name = tr("{fix}: {finding}", fix=tr(_FIX_WORDS[finding.fix]), finding=words)
            self.fix = LinkButton(tr(_FIX_WORDS[finding.fix]), f"composer.preflight.{index}.fix", name)
            layout.addWidget(self.fix)
        self.setLayout(layout)
        self.setMinimumHeight(28)
        identify(self, f"composer.preflight.{index}", words)
