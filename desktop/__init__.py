"""Tidings: write, plan and publish posts on Threads, Instagram and Facebook Pages from your own computer.

The layout and its import rules are drawn in README; ``build/check.py`` proves them.
"""

__version__ = "0.1.0"
