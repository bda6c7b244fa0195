"""What is kept of HubSpot: the tables, their keys and columns, and nothing else.

A column under `properties.` is asked for by that name, so declaring it here is all it takes.
"""

from ingestion.connector import Column, Table

# A property that an account does not have is left out of the answer.
STAGES = ("subscriber", "lead", "prospect", "customer", "lapsed")
DEAL_STAGES = ("appointmentscheduled", "qualifiedtobuy", "contractsent", "closedwon", "closedlost")


def entered(stage: str) -> Column:
    """Return the column of the instant at which HubSpot saw a record enter a stage."""
    return Column("timestamp", path=f"properties.hs_v2_date_entered_{stage}", optional=True)


def text(name: str, optional: bool = False) -> Column:
    """Return a column for a property that is text; HubSpot's properties all are, or null."""
    return Column("string", path=f"properties.{name}", optional=optional)


RECORD = {
    "id": Column("string"),
    "created_at": Column("timestamp", path="createdAt"),
    "updated_at": Column("timestamp", path="updatedAt"),
    "archived_at": Column("timestamp", path="archivedAt", optional=True),
}

TABLES = (
    Table(
        name="contacts",
        key=("id",),
        time="updated_at",
        description="People in the CRM, archived ones included.",
        columns={
            **RECORD,
            "first_name": text("firstname"),
            "last_name": text("lastname"),
            "email": text("email"),
            "phone": text("phone"),
            "city": text("city"),
            "country": text("country"),
            "language": text("hs_language"),
            "birth_date": text("date_of_birth", optional=True),
            "lifecycle_stage": text("lifecyclestage"),
            **{f"entered_{stage}_at": entered(stage) for stage in STAGES},
            "audience_roles": text("audience_roles", optional=True),
            "opted_out": Column("boolean", path="properties.hs_email_optout"),
            "owner_id": text("hubspot_owner_id"),
            "merged_ids": text("hs_merged_object_ids"),
        },
    ),
    Table(
        name="companies",
        key=("id",),
        time="updated_at",
        description="Companies in the CRM, archived ones included.",
        columns={
            **RECORD,
            "name": text("name"),
            "domain": text("domain"),
            "country": text("country"),
            "type": text("type"),
            "owner_id": text("hubspot_owner_id"),
            "parent_id": text("hs_parent_company_id", optional=True),
            "merged_ids": text("hs_merged_object_ids"),
        },
    ),
    Table(
        name="deals",
        key=("id",),
        time="updated_at",
        description="Deals and when each stage was entered, archived ones included.",
        columns={
            **RECORD,
            "name": text("dealname"),
            "pipeline": text("pipeline"),
            "stage": text("dealstage"),
            "amount": Column("double", path="properties.amount"),
            "currency": text("deal_currency_code", optional=True),
            "owner_id": text("hubspot_owner_id"),
            "closed_at": Column("timestamp", path="properties.closedate"),
            "is_won": Column("boolean", path="properties.hs_is_closed_won"),
            "is_lost": Column("boolean", path="properties.hs_is_closed_lost"),
            **{f"entered_{stage}_at": entered(stage) for stage in DEAL_STAGES},
        },
    ),
    Table(
        name="feedback_submissions",
        key=("id",),
        time="submitted_at",
        stream="survey_name",
        description="Answers to HubSpot's own NPS, CSAT and CES surveys.",
        columns={
            **RECORD,
            "survey_name": text("hs_survey_name"),
            "survey_type": text("hs_survey_type"),
            "channel": text("hs_survey_channel"),
            "value": Column("double", path="properties.hs_value"),
            "response_group": text("hs_response_group"),
            "content": text("hs_content"),
            "contact_id": text("hs_contact_id"),
            "submitted_at": Column("timestamp", path="properties.hs_submission_timestamp"),
        },
    ),
    Table(
        name="owners",
        key=("id",),
        is_whole=True,
        time="updated_at",
        description="Users who own records, archived ones included.",
        columns={
            "id": Column("string"),
            "email": Column("string"),
            "first_name": Column("string", path="firstName"),
            "last_name": Column("string", path="lastName"),
            "created_at": Column("timestamp", path="createdAt"),
            "updated_at": Column("timestamp", path="updatedAt"),
        },
    ),
    Table(
        name="contact_companies",
        key=("contact_id",),
        description="The companies of each contact that changed; an empty list for none.",
        columns={
            "contact_id": Column("string", path="from.id"),
            "companies": Column("json", path="to"),
        },
    ),
    Table(
        name="deal_contacts",
        key=("deal_id",),
        description="The contacts of each deal that changed; an empty list for none.",
        columns={
            "deal_id": Column("string", path="from.id"),
            "contacts": Column("json", path="to"),
        },
    ),
)


def properties(table: str) -> list[str]:
    """Return the names of the properties that a table is made of."""
    columns = next(known.columns for known in TABLES if known.name == table)
    paths = (column.path or "" for column in columns.values())
    return [path.removeprefix("properties.") for path in paths if path.startswith("properties.")]
