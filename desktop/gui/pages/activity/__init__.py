"""What became of every delivery: list, timeline, attempts, and the questions only a person can answer."""
