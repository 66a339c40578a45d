"""Writing: posts, rendering per network, counting, preflight."""
