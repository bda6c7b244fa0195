"""What stops an erasure or a disclosure, each in one sentence with its remedy."""

from pathlib import Path


class PrivacyError(Exception):
    """Something about a person's data that a sentence can put right."""


class NobodyFound(PrivacyError):
    def __init__(self) -> None:
        super().__init__(
            "nobody here is known by this; look for the person with `ax identity show`, or give "
            "another e-mail, the person's id, or an account as source:id"
        )


class SeveralFound(PrivacyError):
    def __init__(self, persons: list[str]) -> None:
        super().__init__(
            f"{len(persons)} persons are known by this ({', '.join(persons)}); name one of them "
            "with --person, or bind them first with `ax identity merge`"
        )


class StillThere(PrivacyError):
    def __init__(self, places: list[str]) -> None:
        super().__init__(
            f"what was to be erased is still in {', '.join(places)}; close what has these files "
            "open and run `ax forget --resume`, which goes on from there"
        )


class LostKey(PrivacyError):
    def __init__(self, key: Path, tombstones: Path) -> None:
        super().__init__(
            f"{key} is gone and {tombstones} can not be read without it, so who was erased would "
            "come back; restore the key from its backup"
        )


class AnotherErasure(PrivacyError):
    def __init__(self, intent: Path) -> None:
        super().__init__(
            f"an erasure that was begun is not finished ({intent}); run `ax forget --resume` first"
        )
