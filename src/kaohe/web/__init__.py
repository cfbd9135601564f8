"""The web door: everyone in the procedure at their own desk. Thin over the rooms of the engine."""
