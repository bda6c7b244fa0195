"""Qualtrics: surveys, their questions, who was invited, and what was answered."""
