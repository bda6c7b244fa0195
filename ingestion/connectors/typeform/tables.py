"""What of Typeform lands: the declared tables and their columns."""

from ingestion.connector import Column, Table

FORMS = Table(
    "forms",
    key=("id",),
    is_whole=True,
    columns={
        "id": Column("string"),
        "title": Column("string"),
        "created_at": Column("timestamp", optional=True),
        "updated_at": Column("timestamp", "last_updated_at", optional=True),
    },
    description="Every form that the token may see, read or not.",
    time="updated_at",
)

FORM_FIELDS = Table(
    "form_fields",
    key=("form_id", "field_id"),
    is_whole=True,
    columns={
        "form_id": Column("string"),
        "field_id": Column("string", "id"),
        "ref": Column("string"),
        "type": Column("string"),
        "title": Column("string"),
        "choices": Column("json", "properties.choices", optional=True),
    },
    description="The questions of the declared forms as they stand; those of groups one by one.",
)

RESPONSES = Table(
    "responses",
    key=("response_id",),
    columns={
        "response_id": Column("string"),
        "form_id": Column("string"),
        "response_type": Column("string"),
        "landed_at": Column("timestamp"),
        "submitted_at": Column("timestamp", optional=True),
        "contact_id": Column("string", optional=True),
        "employee_number": Column("string", optional=True),
        "email": Column("string", optional=True),
        "ticket_id": Column("string", optional=True),
        "answers": Column("json"),
    },
    description=(
        "Responses to the declared forms, partial ones too; `answers` holds them by field id."
    ),
    time="submitted_at",
    stream="form_id",
)

TABLES = (FORMS, FORM_FIELDS, RESPONSES)
