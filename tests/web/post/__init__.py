"""Mail and notices."""
