"""Files that come in: read, compared, confirmed, taken back."""
