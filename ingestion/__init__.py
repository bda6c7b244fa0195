"""Ingestion: what reaches the warehouse, and nothing that changes its meaning."""
