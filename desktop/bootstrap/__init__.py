"""Builds the object graph and starts the run modes; the only place that knows every class.

Imports inside functions are deliberate here: each run mode loads only what it needs, and the window loads the rest
behind its first picture.
"""
