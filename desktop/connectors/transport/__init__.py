"""Sends one HTTP request and says exactly how far it got; the only place that knows an HTTP library."""
