"""The sandbox: one seeded organisation with known truth, served on loopback in each vendor's wire format."""
