"""Every model of every vendor has a form on Spark, those of vendors too that the sandbox does not have.

The rows of these are not compared: what they say is made of constructs that are.
"""

import subprocess
from pathlib import Path

import pytest
from sqlglot import exp

from ingestion.connector import discover
from orchestration.project import DBT
from tests.whole_house.conftest import ROOT, House
from translation.spark import translated
from translation.trees import Untranslatable

pytestmark = pytest.mark.spark


class Asked(Exception):
    """The columns of a table were asked for, by a query that is reviewed so far."""


def ask(table: exp.Table) -> list[str]:
    raise Asked(table.name)


def refusal(sql: str) -> str | None:
    try:
        translated(sql.replace('"warehouse".', "").replace('"publication".', ""), ask)
    except Untranslatable as refused:
        return str(refused)
    except Asked:
        return None
    return None


def test_no_model_of_any_vendor_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data" / "warehouse").mkdir(parents=True)
    house = House(tmp_path / "data", sources=",".join(discover()))
    subprocess.run(
        [DBT, "--quiet", "compile", "--select", "resource_type:model"],
        cwd=ROOT / "dbt_project",
        env={
            **house.environment,
            "DBT_TARGET_PATH": str(tmp_path / "dbt"),
            "DBT_LOG_PATH": str(tmp_path / "logs"),
        },
        check=True,
    )
    models = tmp_path / "dbt" / "compiled" / "ax_warehouse" / "models"
    files = [file for file in models.rglob("*.sql") if file.parent.suffix != ".yml"]  # no tests
    texts = {file.stem: file.read_text() for file in files}
    refused = {name: why for name, sql in texts.items() if (why := refusal(sql))}
    assert len(texts) > 500
    assert not refused
