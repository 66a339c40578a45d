"""The composer: writing a post or a thread, seeing how it will look, and giving it a time."""
