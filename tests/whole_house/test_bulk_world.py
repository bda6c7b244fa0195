"""Raw that the bulk path wrote has the shape of raw that the connectors loaded."""

from pathlib import Path

import duckdb

from ingestion.sandbox import bulk
from tests.whole_house.conftest import House

# dlt's own tables, and those that it merges through.
SHAPE = """
select schema_name || '.' || table_name as name, list((column_name, data_type) order by column_name)
from duckdb_columns() where schema_name in (
    'raw_hubspot', 'raw_zendesk', 'raw_qualtrics', 'raw_bamboohr', 'raw_files')
    and not starts_with(table_name, '_dlt')
group by all
"""


def test_bulk_raw_has_the_shape_of_loaded_raw(built: House, tmp_path: Path) -> None:
    for part in bulk.parts(500):
        bulk.write(part, tmp_path / "raw")
    bulk.load(tmp_path / "raw", tmp_path / "warehouse.duckdb", bulk.START)
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as db:
        made = dict(db.execute(SHAPE).fetchall())
    loaded = dict(built.warehouse(SHAPE))
    assert made == loaded
    assert len(made) > 30
