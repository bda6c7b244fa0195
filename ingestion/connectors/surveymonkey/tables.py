"""What of SurveyMonkey lands: the declared tables and their columns."""

from ingestion.connector import Column, Table

SURVEYS = Table(
    "surveys",
    key=("id",),
    is_whole=True,
    columns={
        "id": Column("string"),
        "title": Column("string"),
        "response_count": Column("bigint", optional=True),
        "created_at": Column("timestamp", "date_created", optional=True),
        "updated_at": Column("timestamp", "date_modified", optional=True),
    },
    description="Every survey that the token may see, read or not.",
    time="updated_at",
)

SURVEY_QUESTIONS = Table(
    "survey_questions",
    key=("survey_id", "question_id"),
    columns={
        "survey_id": Column("string"),
        "question_id": Column("string", "id"),
        "family": Column("string"),
        "subtype": Column("string", optional=True),
        "question_text": Column("string"),
        "rows": Column("json", "answers.rows", optional=True),
        "choices": Column("json", "answers.choices", optional=True),
    },
    description="The questions of the declared surveys, as they stood when it last changed.",
)

COLLECTORS = Table(
    "collectors",
    key=("id",),
    columns={
        "id": Column("string"),
        "survey_id": Column("string"),
        "name": Column("string"),
        "type": Column("string", optional=True),
        "status": Column("string", optional=True),
    },
    description="The ways by which the declared surveys were handed out.",
)

RESPONSES = Table(
    "responses",
    key=("response_id",),
    columns={
        "response_id": Column("string", "id"),
        "survey_id": Column("string"),
        "collector_id": Column("string", optional=True),
        "response_status": Column("string"),
        "collection_mode": Column("string", optional=True),
        "duration_seconds": Column("bigint", "total_time", optional=True),
        "contact_id": Column("string", optional=True),
        "employee_number": Column("string", optional=True),
        "email": Column("string", optional=True),
        "ticket_id": Column("string", optional=True),
        "answers": Column("json"),
        "created_at": Column("timestamp", "date_created"),
        "updated_at": Column("timestamp", "date_modified"),
    },
    description=(
        "Responses to the declared surveys, partial ones too; `answers` holds them by question, "
        "those of a row by question and row."
    ),
    time="updated_at",
    stream="survey_id",
)

TABLES = (SURVEYS, SURVEY_QUESTIONS, COLLECTORS, RESPONSES)
