"""What keeps a lake from being opened, each in one sentence with its remedy."""


class LakeError(Exception):
    """The lake can not be used; the message names the cause and the remedy."""


class NoCluster(LakeError):
    def __init__(self, address: str, words: str) -> None:
        super().__init__(
            f"no Spark Connect server answers at {address} ({words}); start it, or name the one "
            "that runs in SPARK_REMOTE (sc://host:port)"
        )


class BuiltElsewhere(LakeError):
    def __init__(self, table: str, files: str) -> None:
        super().__init__(
            f"the cluster built {table}, but not in {files}: its schema was there before, at "
            "another place; drop it on the cluster (drop schema ... cascade) or give this house a "
            "catalog of its own"
        )


class NoExtension(LakeError):
    def __init__(self, package: str, target: str, extra: str) -> None:
        super().__init__(
            f"the target {target} needs the package {package}; "
            f"install it (`pip install ax-warehouse[{extra}]`)"
        )


class NoCatalog(LakeError):
    def __init__(self, catalog: str, words: str) -> None:
        super().__init__(
            f"the lake's catalog {catalog} can not be opened ({words}); see that the server runs "
            "and knows the database and the user, and give the password in PGPASSWORD, in "
            "~/.pgpass or by PGSERVICE"
        )


class NoFolder(LakeError):
    def __init__(self, folder: str, words: str) -> None:
        super().__init__(
            f"the lake's folder {folder} can not be written ({words}); name one in AX_LAKE_FILES "
            "that every machine of this lake sees and may write"
        )
