"""What is timed; a module here with a list `SCENARIOS` is found, and nothing else names it."""
