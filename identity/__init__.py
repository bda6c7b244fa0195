"""Identity: which accounts are one human being or one company, with ids that stay."""

from identity.resolve import resolve

__all__ = ["resolve"]
