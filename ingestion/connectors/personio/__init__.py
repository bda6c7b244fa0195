"""Personio."""
