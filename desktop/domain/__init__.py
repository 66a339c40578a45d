"""What a post, an account or a delivery *is*: pure Python without I/O, clock reads or third-party imports."""
