"""What is personal: found, redacted, taken away."""
