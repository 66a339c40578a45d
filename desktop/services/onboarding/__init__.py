"""The sandbox workspace and its sample posts."""
