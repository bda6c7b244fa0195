"""A vendor that nobody has yet: two folders of one name and one word in the switchboard."""

import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

SOURCE = '''
"""A till that counts visits, for the test of what a new vendor needs."""

import dlt

from ingestion.connector import Column, Connector, Table

VISITS = Table(
    name="visits",
    key=("visit_id",),
    columns={"visit_id": Column("bigint"), "guest": Column("string"), "seen_at": Column("timestamp")},
    description="One visit.",
    time="seen_at",
)


@dlt.source(name="till", section="till")
def till_source():
    """Yield the till's visits."""

    @dlt.resource(name="visits")
    def visits():
        yield [
            {"visit_id": n, "guest": f"g{n % 3}", "seen_at": f"2026-05-0{n}T10:00:00Z"}
            for n in range(1, 8)
        ]

    return visits


connector = Connector(name="till", title="Till", tables=(VISITS,), source=till_source)
'''
STAGING = """-- Grain: one visit.
select
    cast(visit_id as varchar) as visit_id,
    guest as guest_id,
    cast(seen_at as timestamp) as visited_at
from {{ source('till', 'visits') }}
"""
TOUCHPOINTS = """-- Grain: one visit.
select
    'till' as source,
    visit_id as source_record_id,
    'till:' || visit_id as touchpoint_id,
    'till:' || guest_id as account_id,
    'order' as touchpoint_type,
    'in_person' as channel,
    'inbound' as direction,
    null as location_id,
    visited_at as occurred_at
from {{ ref('stg_till__visits') }}
"""
YAML = """sources:
  - name: till
    schema: raw_till
    tables:
      - name: visits
models:
  - name: till__touchpoints
    description: Visits as touchpoints.
    columns:
      - name: touchpoint_id
        data_tests: [is_key]
"""


def with_a_new_vendor(root: Path) -> Path:
    """Copy the checkout to a folder and add the till to it."""
    files = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True).stdout
    for file in files.split():
        if (ROOT / file).is_file():
            (root / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / file, root / file)
    connector = root / "ingestion" / "connectors" / "till"
    connector.mkdir()
    (connector / "__init__.py").write_text('"""The till."""\n')
    (connector / "source.py").write_text(SOURCE)
    slices = root / "dbt_project" / "models" / "connectors" / "till"
    slices.mkdir()
    (slices / "stg_till__visits.sql").write_text(STAGING)
    (slices / "till__touchpoints.sql").write_text(TOUCHPOINTS)
    (slices / "_till.yml").write_text(YAML)
    switchboard = root / "dbt_project" / "dbt_project.yml"
    written = switchboard.read_text()
    assert "crm: [hubspot]" in written
    switchboard.write_text(written.replace("crm: [hubspot]", "crm: [hubspot, till]"))
    return root
