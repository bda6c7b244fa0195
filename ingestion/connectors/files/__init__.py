"""Files dropped in an inbox folder: CSV, Parquet and Excel, mapped by YAML to input contracts."""
