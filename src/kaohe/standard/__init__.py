"""What is judged: the hundred-point standard, its rules, its file, its linter."""
