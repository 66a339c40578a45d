"""The deliveries as a list model that grows as one scrolls."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from desktop.services.publishing.service import DeliverySummary

Index = QModelIndex | QPersistentModelIndex
SUMMARY_ROLE = Qt.ItemDataRole.UserRole


class DeliveryListModel(QAbstractListModel):
    """Rows are summaries, latest due first. ``more_requested`` asks for the next page."""

    more_requested = Signal()

    def __init__(self, name_of: Callable[[DeliverySummary], str], parent: QObject | None = None) -> None:
        """``name_of`` returns what a screen reader says for a row."""
        super().__init__(parent)
        self._name_of = name_of
        self._rows: Sequence[DeliverySummary] = ()
        self._has_more = False

    @property
    def rows(self) -> Sequence[DeliverySummary]:
        """What has been read so far."""
        return self._rows

    def set_rows(self, rows: Sequence[DeliverySummary], *, has_more: bool) -> None:
        """Take what was read; rows that stay in place keep scroll position and selection."""
        before, self._has_more = self._rows, has_more
        if _ids(before) == _ids(rows[: len(before)]):
            self._rows = rows[: len(before)]
            for place, (old, new) in enumerate(zip(before, rows, strict=False)):
                if old != new:
                    self.dataChanged.emit(self.index(place), self.index(place))
            if len(rows) > len(before):
                self.beginInsertRows(QModelIndex(), len(before), len(rows) - 1)
                self._rows = rows
                self.endInsertRows()
        else:
            self.beginResetModel()
            self._rows = rows
            self.endResetModel()

    def row_of(self, delivery_id: str) -> int:
        """Return the row of a delivery; -1 when it is not listed."""
        return next((i for i, row in enumerate(self._rows) if row.delivery.id == delivery_id), -1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """Return how many there are."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the summary, or its words."""
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == SUMMARY_ROLE:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._name_of(row)
        return None

    def canFetchMore(self, parent: Index) -> bool:
        """Whether there are more than have been read."""
        return self._has_more and not parent.isValid()

    def fetchMore(self, _parent: Index) -> None:
        """Ask for the next page."""
        self._has_more = False
        self.more_requested.emit()


def _ids(rows: Sequence[DeliverySummary]) -> list[str]:
    return [row.delivery.id for row in rows]
