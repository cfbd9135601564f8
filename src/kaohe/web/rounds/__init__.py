"""Rounds of assessment: which standard, which period, which units."""
