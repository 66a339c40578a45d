"""The publisher at work: a wake loop on the wall clock, one lane per account, and periodic jobs beside it."""
