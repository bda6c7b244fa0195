"""How long the records of a source are kept; light, for every command reads the settings."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Retention:
    """Of one source: after how many days records go, and for how many the law wants them kept."""

    days: int | None = None
    statutory_days: int | None = None
