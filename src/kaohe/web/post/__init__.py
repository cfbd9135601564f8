"""What the system sends: an outbox that its sender sees, and notices."""
