"""What happened: the ten tables of a city's training ledger, read strictly, and its metrics."""
