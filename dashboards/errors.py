"""What can go wrong while a page is written, each a sentence with its remedy."""

from pathlib import Path


class DashboardError(Exception):
    """A page could not be written."""


class UnreadablePublication(DashboardError):
    """The published file is missing, broken or made by another version."""

    def __init__(self, marts: Path, reason: str) -> None:
        self.marts, self.reason = marts, reason
        first = reason.strip().splitlines()[0] if reason.strip() else "no reason given"
        super().__init__(
            f"{marts} cannot be read as a publication ({first}); "
            "publish again with `ax run`, or serve a former one with `ax rollback`"
        )


class UnwritablePage(DashboardError):
    """The page's folder is full, read-only or not a folder."""

    def __init__(self, out: Path, reason: str) -> None:
        self.out, self.reason = out, reason
        super().__init__(
            f"{out} cannot be written ({reason}); free space or mend the folder's rights, "
            "then run `ax run` again; the former page still stands"
        )
