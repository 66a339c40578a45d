"""The controls every page is built from. Each has an accessible name, an identifier and a keyboard path."""
