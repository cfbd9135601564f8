"""What pages are made of, for every app: pages of a list, figures, tasks, facts, tabs, and how they are displayed."""
