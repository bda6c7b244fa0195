"""Identity: which accounts are one human being, with ids that stay."""

from identity.resolve import resolve

__all__ = ["resolve"]
