"""The training ledger in the database, and what it says of each unit and person."""
