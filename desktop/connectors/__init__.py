"""Talks to the networks: one transport that knows HTTP, one Graph client, one connector per network."""
