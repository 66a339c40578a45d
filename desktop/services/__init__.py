"""What the product does: one folder per system. Owns the ports that adapters fill; does no I/O of its own."""
