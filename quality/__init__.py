"""Quality: the raw door and the published door."""
