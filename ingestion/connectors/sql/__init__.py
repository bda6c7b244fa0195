"""SQL databases: tables and views that the organisation declares, mapped to input contracts."""
