"""What of Qualtrics lands: the declared tables and their columns."""

from ingestion.connector import Column, Table

SURVEYS = Table(
    "surveys",
    key=("survey_id",),
    is_whole=True,
    columns={
        "survey_id": Column("string", "id"),
        "name": Column("string"),
        "is_active": Column("boolean", "isActive"),
        "created_at": Column("timestamp", "creationDate"),
        "updated_at": Column("timestamp", "lastModified"),
    },
    description="Every survey that the token may see, exported or not.",
    time="updated_at",
)

SURVEY_QUESTIONS = Table(
    "survey_questions",
    key=("survey_id", "question_id"),
    is_whole=True,
    columns={
        "survey_id": Column("string", "_declared_surveys_id"),
        "question_id": Column("string", "QuestionID"),
        "question_text": Column("string", "QuestionText"),
        "question_type": Column("string", "QuestionType"),
        "selector": Column("string", "Selector", optional=True),
        "choices": Column("json", "Choices", optional=True),
        "recode_values": Column("json", "RecodeValues", optional=True),
    },
    description="The questions of the declared surveys, as their definitions hold them now.",
)

CONTACTS = Table(
    "contacts",
    key=("mailing_list_id", "contact_id"),
    is_whole=True,
    columns={
        "contact_id": Column("string", "contactId"),
        "mailing_list_id": Column("string", "mailingListId"),
        "first_name": Column("string", "firstName"),
        "last_name": Column("string", "lastName"),
        "email": Column("string"),
        "phone": Column("string"),
        "external_reference": Column("string", "extRef"),
        "language": Column("string"),
        "is_unsubscribed": Column("boolean", "unsubscribed"),
        "is_list_unsubscribed": Column("boolean", "mailingListUnsubscribed", optional=True),
    },
    description="The people on the mailing lists of the directory; one row a list and person.",
)

DISTRIBUTIONS = Table(
    "distributions",
    key=("distribution_id",),
    is_whole=True,
    columns={
        "distribution_id": Column("string", "id"),
        "survey_id": Column("string", "surveyLink.surveyId"),
        "mailing_list_id": Column("string", "recipients.mailingListId"),
        "request_type": Column("string", "requestType"),
        "request_status": Column("string", "requestStatus"),
        "sent_at": Column("timestamp", "sendDate"),
        "expires_at": Column("timestamp", "surveyLink.expirationDate", optional=True),
        "created_at": Column("timestamp", "createdDate"),
        "updated_at": Column("timestamp", "modifiedDate"),
    },
    description="Mailings of the declared surveys; one row a mailing.",
    time="updated_at",
)

INVITATIONS = Table(
    "invitations",
    key=("distribution_id", "contact_id"),
    columns={
        "distribution_id": Column("string", "distributionId"),
        "contact_id": Column("string", "contactId"),
        "survey_id": Column("string", "surveyId"),
        "status": Column("string"),
        "sent_at": Column("timestamp", "sentAt"),
        "opened_at": Column("timestamp", "openedAt"),
        "started_at": Column("timestamp", "responseStartedAt"),
        "completed_at": Column("timestamp", "responseCompletedAt"),
        "response_id": Column("string", "responseId"),
    },
    description=(
        "What became of each invitation. Those of an anonymous survey carry a number in place "
        "of the contact and no response."
    ),
    stream="survey_id",
)

RESPONSES = Table(
    "responses",
    key=("response_id",),
    columns={
        "response_id": Column("string", "responseId"),
        "survey_id": Column("string", "surveyId"),
        "contact_id": Column("string", "contactId", optional=True),
        "distribution_id": Column("string", "distributionId", optional=True),
        "ticket_id": Column("string", "ticketId", optional=True),
        "status": Column("bigint"),
        "finished": Column("bigint"),
        "progress": Column("bigint"),
        "duration_seconds": Column("bigint", "duration"),
        "channel": Column("string", "distributionChannel", optional=True),
        "language": Column("string", "userLanguage", optional=True),
        "started_at": Column("timestamp", "startDate"),
        "ended_at": Column("timestamp", "endDate"),
        "recorded_at": Column("timestamp", "recordedDate"),
        "values": Column("json"),
    },
    description="Responses to the declared surveys; `values` holds the answers by question id.",
    time="recorded_at",
    stream="survey_id",
)

TABLES = (SURVEYS, SURVEY_QUESTIONS, CONTACTS, DISTRIBUTIONS, INVITATIONS, RESPONSES)
