"""The commands, by what they work on. Each module offers ``register``."""
