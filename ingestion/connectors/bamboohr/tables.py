"""What of BambooHR lands: the declared tables and their columns."""

from ingestion.connector import Column, Table

TABLES = (
    Table(
        "employees",
        key=("employee_id",),
        is_whole=True,
        columns={
            "employee_id": Column("string", "employeeId"),
            "employee_number": Column("string", "employeeNumber"),
            "first_name": Column("string", "firstName"),
            "last_name": Column("string", "lastName"),
            "work_email": Column("string", "workEmail"),
            "mobile_phone": Column("string", "mobilePhone"),
            "status": Column("string"),
            "hire_date": Column("date", "hireDate"),
            "termination_date": Column("date", "terminationDate"),
            "job_title": Column("string", "jobTitleName"),
            "department": Column("string", "departmentName"),
            "division": Column("string", "divisionName"),
            "location": Column("string", "locationName"),
            "reports_to_id": Column("string", "reportsToId"),
            "reports_to_name": Column("string", "reportsToName"),
        },
        description=(
            "One row an employee, as the record stands; of a deleted one only the id is left."
        ),
    ),
    Table(
        "employee_changes",
        key=("employee_id", "changed_at"),
        columns={
            "employee_id": Column("string", "id"),
            "action": Column("string"),
            "changed_at": Column("timestamp", "lastChanged"),
        },
        description="The last change of an employee's record, each time that one was seen.",
        time="changed_at",
    ),
    Table(
        "job_info",
        key=("employee_id", "changed_at", "position"),
        is_whole=True,
        columns={
            "employee_id": Column("string", "employeeId"),
            "changed_at": Column("timestamp", "lastChanged"),
            "position": Column("bigint"),
            "effective_date": Column("date", "date"),
            "department": Column("string"),
            "division": Column("string"),
            "job_title": Column("string", "jobTitle"),
            "location": Column("string"),
            "reports_to": Column("string", "reportsTo"),
        },
        description=(
            "All rows of an employee's job table as they stood at `changed_at`; the next change "
            "adds the whole table again, so that corrected and deleted rows stay visible."
        ),
    ),
    Table(
        "employment_status",
        key=("employee_id", "changed_at", "position"),
        columns={
            "employee_id": Column("string", "employeeId"),
            "changed_at": Column("timestamp", "lastChanged"),
            "position": Column("bigint"),
            "effective_date": Column("date", "date"),
            "employment_status": Column("string", "employmentStatus"),
            "termination_type": Column("string", "terminationTypeId"),
        },
        description=(
            "All rows of an employee's employment status as they stood at `changed_at`, kept like "
            "those of `job_info`."
        ),
    ),
)

EMPLOYEE_KEYS = tuple(column.path or name for name, column in TABLES[0].columns.items())
