"""Rounds: drafted, opened, closed, and who sees them."""
