"""What a person sees first: home, help, display. Reads from all; nobody imports it."""
