"""Orchestration: when what runs, what it left behind, and how people are told."""

import atexit
import gc

# A manifest and what is made of it are a million objects that stay as long as the process. Python's
# collector would look at all of them again and again while they are made, which takes as long as
# making them, and once more at the end.
gc.set_threshold(100_000)
atexit.register(gc.freeze)
