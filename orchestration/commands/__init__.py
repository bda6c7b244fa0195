"""The commands of `ax`, one module a subject."""
