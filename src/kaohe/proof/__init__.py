"""Why it is believed: the verification package, and its checker."""
