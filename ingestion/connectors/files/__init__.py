"""Files dropped in an inbox folder: CSV, Parquet and Excel, mapped by YAML to input contracts."""

from ingestion.connectors.files.declared import declared_constants

__all__ = ["declared_constants"]
