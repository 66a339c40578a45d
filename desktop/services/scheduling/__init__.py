"""Planning: when what goes out, and the calendar's view of it."""
