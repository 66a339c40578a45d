"""The limits page: how much the networks still allow each account."""
