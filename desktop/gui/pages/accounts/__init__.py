"""The connected accounts: their state, connecting by token, checking, disconnecting."""
