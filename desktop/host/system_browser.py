"""The person's own web browser, where sign-ins belong (RFC 8252 §6)."""

from __future__ import annotations

import threading
import webbrowser


class SystemBrowser:
    """``Browser`` of the desktop."""

    def open(self, url: str) -> bool:
        """Start showing ``url``; False when this computer has no browser."""
        try:
            browser = webbrowser.get()
        except webbrowser.Error:
            return False
        # a browser for terminals keeps its caller until it is left, and the page it shows waits for an answer from us
        threading.Thread(target=browser.open, args=(url,), name="browser", daemon=True).start()
        return True
