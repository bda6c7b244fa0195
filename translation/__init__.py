"""One SQL for two engines: what is written for DuckDB, as Spark says it."""
