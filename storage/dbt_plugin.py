"""What dbt is told of lakes by its profile: the extensions, loaded from their wheels."""

from dbt.adapters.duckdb.plugins import BasePlugin

from storage.lake import load_extensions


class Plugin(BasePlugin):
    """Named in profiles.yml as `storage.dbt_plugin`; dbt looks for this name."""

    def configure_connection(self, conn: object) -> None:
        """Load what a lake needs, before dbt attaches it."""
        load_extensions(conn)  # type: ignore[arg-type]
