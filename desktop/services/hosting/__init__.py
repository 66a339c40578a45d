"""The hosting relay: a bucket of the person's own, from which networks fetch pictures and films."""
