"""Connected accounts and their tokens."""
