"""Both languages side by side, in code and in templates."""
