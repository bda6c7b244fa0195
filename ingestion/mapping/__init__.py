"""Mappings: the YAML that says which input contract a table of texts fills, and its one SELECT."""
