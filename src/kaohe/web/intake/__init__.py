"""Files that come in: read, shown, confirmed, taken back. Nothing reaches a table before confirmation."""
