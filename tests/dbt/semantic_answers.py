"""Answers of the semantic layer, in a process of its own: MetricFlow keeps the warehouse open.

`python semantic_answers.py DATA < questions.json > answers.json`, where DATA is a data folder with
a warehouse and what dbt parsed for it.
"""

import contextlib
import json
import subprocess
import sys
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


def ask(data: Path, questions: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Return the rows that answer each question: metrics, group_by, where or saved_query.

    A question that is refused has one row, with the reason in `refused`.
    """
    done = subprocess.run(
        [sys.executable, __file__, str(data)],
        input=json.dumps(questions),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    answers = json.loads(done.stdout.splitlines()[-1])
    return [[dict(zip(a["columns"], row, strict=True)) for row in a["rows"]] for a in answers]


def answers(data: str, questions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    from orchestration import metricflow, settings

    with metricflow.reading(settings.read({"AX_DATA_DIR": data})) as house:
        return [answer(house, question) for question in questions]


def answer(house: Any, question: dict[str, Any]) -> dict[str, Any]:
    from metricflow.engine.metricflow_engine import MetricFlowQueryRequest
    from metricflow_semantics.errors.error_classes import InvalidQueryException

    request = MetricFlowQueryRequest.create(
        metric_names=question.get("metrics"),
        group_by_names=question.get("group_by"),
        where_constraints=question.get("where"),
        saved_query_name=question.get("saved_query"),
    )
    try:
        table = house.mf.query(request).result_df
    except InvalidQueryException as refusal:
        return {"columns": ["refused"], "rows": [[str(refusal)]]}
    return {"columns": table.column_names, "rows": [list(row) for row in table.rows]}


def plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    raise TypeError(type(value))


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    with contextlib.redirect_stdout(sys.stderr):
        told = answers(sys.argv[1], json.load(sys.stdin))
    print(json.dumps(told, default=plain))
