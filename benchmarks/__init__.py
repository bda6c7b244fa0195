"""Benchmarks: timed runs, each beside a yardstick in the same process tree; results as JSON."""
