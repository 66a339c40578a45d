"""Images and videos people add to posts."""
