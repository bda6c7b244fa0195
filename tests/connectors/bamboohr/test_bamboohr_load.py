from datetime import UTC, date, datetime, timedelta

from bamboohr_world import Company, employee, job
from faulty import Faulty, Rewritten

from ingestion.connectors.bamboohr.emulator import app

AS_OF = datetime(2026, 6, 30, tzinfo=UTC)
DENIED = {
    "payRate": "81000 EUR",
    "ssn": "078-05-1120",
    "nationalId": "X1234567L",
    "bankAccount": "ES9121000418450200051332",
    "allergies": "penicillin",
    "religion": "denied creed",
    "unionMember": "denied union",
    "absenceReason": "denied illness",
    "homeEmail": "private@home.example",
}


def test_loading_twice_keeps_one_row_per_key_and_counts_the_second_as_unchanged(
    serve, load_from, counts
) -> None:
    url = serve(app(Company(), None))

    first, second = (counts(load_from("bamboohr", url)) for _ in range(2))

    assert first == {
        "employees": (3, 0, 0),
        "employee_changes": (3, 0, 0),
        "job_info": (4, 0, 0),
        "employment_status": (4, 0, 0),
    }
    # Only 103 changed within the lookback; job rows are read whole in every run.
    assert second == {
        "employees": (0, 0, 3),
        "employee_changes": (0, 0, 1),
        "job_info": (0, 0, 4),
        "employment_status": (0, 0, 2),
    }


def test_raw_equals_what_the_company_holds_row_for_row(serve, load_from, query) -> None:
    shown = Company()
    shown.tell("employees", "employee_id", *(employee(number) for number in range(200, 1_205)))

    load_from("bamboohr", serve(app(shown, None)))

    loaded = query(
        "select employee_id, employee_number, last_name, work_email, mobile_phone, status,"
        " hire_date, termination_date, department, job_title, location, reports_to_id"
        " from raw_bamboohr.employees order by employee_id::int"
    )
    dates = {None: None, "0000-00-00": None}
    assert loaded == [
        (
            str(true["employee_id"]), true["employee_number"], true["last_name"],
            true["work_email"], true["mobile_phone"], true["status"],
            date.fromisoformat(true["hire_date"]),
            dates.get(true.get("termination_date"), date(2026, 9, 1)),
            true["department"], true["job_title"], true["location"],
            None if true["supervisor_id"] is None else str(true["supervisor_id"]),
        )
        for true in sorted(shown.told["employees"], key=lambda record: record["employee_id"])
    ]  # fmt: skip
    assert query(
        "select employee_id, position, department, reports_to from raw_bamboohr.job_info"
        " order by all"
    ) == [
        ("101", 0, "Care", None),
        ("102", 0, "Sales", "Zoë Núñez 101"),
        ("102", 1, "Care", "Zoë Núñez 101"),
        ("103", 0, "Care", "Zoë Núñez 101"),
    ]
    assert query(
        "select effective_date, employment_status, termination_type, changed_at"
        " from raw_bamboohr.employment_status where employee_id = '103' order by position"
    ) == [
        (date(2026, 1, 1), "Full-Time", None, datetime(2026, 6, 29, 8, tzinfo=UTC)),
        (date(2026, 9, 1), "Terminated", "Voluntary", datetime(2026, 6, 29, 8, tzinfo=UTC)),
    ]


def test_a_deleted_employee_lands_as_a_tombstone_that_names_nobody(
    serve, load_from, query, counts
) -> None:
    shown = Company()
    url = serve(app(shown, None))
    load_from("bamboohr", url)
    gone = employee(102, updated="2026-06-30T11:00:00Z", deleted=True)
    shown.tell("employees", "employee_id", gone)

    loaded = counts(load_from("bamboohr", url, as_of=AS_OF + timedelta(days=1)))

    assert loaded["employees"] == (0, 1, 2)
    assert query(
        "select _deleted_reason, last_name, work_email, employee_number"
        " from raw_bamboohr.employees where employee_id = '102'"
    ) == [("deleted", None, None, None)]
    assert query(
        "select action from raw_bamboohr.employee_changes where employee_id = '102'"
        " order by changed_at"
    ) == [("Updated",), ("Deleted",)]


def test_a_corrected_row_stays_visible_beside_its_correction(
    serve, load_from, query, counts
) -> None:
    shown = Company()
    url = serve(app(shown, None))
    load_from("bamboohr", url)
    shown.tell(
        "employee_jobs",
        "row_id",
        job(30, 103, "2026-01-01", "2026-06-30T07:00:00Z", location="Oslo"),
    )

    loaded = counts(load_from("bamboohr", url, as_of=AS_OF + timedelta(days=1)))

    assert loaded["job_info"] == (1, 0, 3)
    assert query(
        "select changed_at, location from raw_bamboohr.job_info where employee_id = '103'"
        " order by changed_at"
    ) == [
        (datetime(2026, 6, 29, 8, tzinfo=UTC), "Lyon"),
        (datetime(2026, 6, 30, 7, tzinfo=UTC), "Oslo"),
    ]


def test_a_change_in_the_tick_of_the_last_run_or_before_it_arrives(
    serve, load_from, counts
) -> None:
    shown = Company()
    url = serve(app(shown, None))
    load_from("bamboohr", url)
    shown.tell(
        "employees",
        "employee_id",
        employee(104, updated="2026-06-30T00:00:00Z"),
        employee(105, updated="2026-06-28T12:00:00Z"),
    )

    loaded = counts(load_from("bamboohr", url))

    assert loaded["employees"] == (2, 0, 3)
    assert loaded["employee_changes"] == (2, 0, 1)


def test_what_is_denied_never_lands_and_is_never_asked_for(serve, load_from, query) -> None:
    asked: list[str] = []

    def also(body):
        if "data" in body:
            body["data"] = [row | DENIED for row in body["data"]]
            body["data"].append(DENIED | {"firstName": "No id"})
        for changed in (body.get("employees") or {}).values():
            for row in changed.get("rows", []):
                row |= DENIED | {"compensation": "81000 EUR"}
            changed |= DENIED
        return body

    async def recorded(scope, receive, send):
        asked.append(f"{scope['path']}?{scope['query_string'].decode()}")
        await Rewritten(app(Company(), None), also)(scope, receive, send)

    loaded = load_from("bamboohr", serve(recorded))

    assert loaded.problem is None
    names = query(
        "select table_name from duckdb_tables() where schema_name = 'raw_bamboohr'"
        " and not starts_with(table_name, '_dlt')"
    )
    raw = "\n".join(str(query(f"select * from raw_bamboohr.{name}")) for (name,) in names)
    assert ("quarantine",) in names
    assert not [value for value in DENIED.values() if value in raw]
    requested = "\n".join(asked)
    assert not [name for name in [*DENIED, "compensation"] if name.lower() in requested.lower()]
    (dropped,) = (table.undeclared for table in loaded.tables if table.table == "employees")
    assert dropped["payRate"] == 3


def test_a_field_that_the_key_may_not_read_stops_the_source_and_is_named(serve, load_from) -> None:
    def hide(body):
        for row in body.get("data", []):
            row |= {"hireDate": None, "_restrictedFields": ["hireDate"]}
        return body

    loaded = load_from("bamboohr", serve(Rewritten(app(Company(), None), hide)))

    assert "employees no longer sends hire_date" in loaded.problem
    assert "scopes" in loaded.problem


def test_a_fault_between_two_tables_loses_nothing(serve, load_from, query, counts) -> None:
    faulty = Faulty(app(Company(), None), 503, hits=lambda _, path: path.endswith("jobInfo"))
    url = serve(faulty)

    failed = load_from("bamboohr", url)
    faulty.hits = lambda *_: False
    recovered = counts(load_from("bamboohr", url))

    assert "answered 503 after every retry at /employees/changed/tables/jobInfo" in failed.problem
    assert recovered["employees"] == (3, 0, 0)
    assert recovered["job_info"] == (4, 0, 0)


def test_a_company_of_nobody_loads(serve, load_from) -> None:
    empty = {name: table.iloc[:0] for name, table in Company().frames.items()}

    loaded = load_from("bamboohr", serve(app(lambda: empty, None)))

    assert loaded.problem is None
    assert not [table for table in loaded.tables if table.extracted]
