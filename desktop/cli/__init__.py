"""The command line ``tidings`` (``interfaces.md``)."""
