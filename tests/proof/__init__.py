"""The proof room: the verification package and its checker."""
