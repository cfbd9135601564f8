"""The tree of authorities and units, and the people in them."""
