"""How much the networks still allow: usage of their rate limits, publishing quotas, and when to wait."""
