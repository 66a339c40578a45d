"""Files: the store of originals, looking inside images and videos, hosting them, and the rules of the networks."""
