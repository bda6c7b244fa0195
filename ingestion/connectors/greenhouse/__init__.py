"""Greenhouse."""
