"""The small shop as Shopify holds it."""

from commerce_world import after, erasure, order, tables

__all__ = ["after", "erasure", "order", "tables"]
