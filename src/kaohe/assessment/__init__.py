"""What it is worth: points, totals, bands and ranks, each with the reason for it."""
