"""The calendar: a month of posts, the backlog beside it, and every way to move a post in time."""
