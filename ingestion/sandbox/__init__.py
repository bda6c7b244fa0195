"""The sandbox: one seeded organisation with known truth, served in each vendor's wire format."""
