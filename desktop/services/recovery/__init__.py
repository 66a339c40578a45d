"""Coming back from a backup without publishing anything twice."""
