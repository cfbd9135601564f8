"""Standards in the web."""
