"""Meta's networks: Threads, Instagram and Facebook Pages over the Graph API (``meta-api.md``)."""
