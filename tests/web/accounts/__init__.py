"""Who comes in, in which role; what the security administrator does; how long a session lasts."""
