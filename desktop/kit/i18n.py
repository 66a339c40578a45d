"""Translation of words shown to people. English is the source language and the fallback."""

from __future__ import annotations

import gettext

_translations: gettext.NullTranslations = gettext.NullTranslations()


def install(translations: gettext.NullTranslations) -> None:
    """Use ``translations`` for every later call."""
    global _translations
    _translations = translations


def tr(text: str, /, **values: object) -> str:
    """Translate ``text`` and fill its ``{name}`` places from ``values``."""
    found = _translations.gettext(text)
    return found.format(**values) if values else found


def trn(one: str, many: str, count: int, /, **values: object) -> str:
    """Translate by ``count``, which also fills ``{count}``."""
    return _translations.ngettext(one, many, count).format(count=count, **values)
