"""Who may come in, in which role, at which unit; and what each role may do."""
