"""A new connector that works from its first minute: files to begin with, as text with `$vendor`."""
