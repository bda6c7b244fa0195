"""Orchestration: when what runs, what it left behind, and how people are told."""
