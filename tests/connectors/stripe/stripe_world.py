"""The small shop as Stripe holds it."""

from commerce_world import after, erasure, member, order, tables

__all__ = ["after", "erasure", "member", "order", "tables"]
