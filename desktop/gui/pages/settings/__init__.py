"""The settings that exist."""
