"""The pages of the window: one folder each, strangers to each other."""
