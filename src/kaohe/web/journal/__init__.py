"""What was done, by whom, when: the append-only log, and the security log beside it."""
