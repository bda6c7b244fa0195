"""What is kept of Salesforce: the tables, their keys and columns, and nothing else.

A column is asked for by its `path`, the field's API name, so declaring it here is all it takes.
"""

from ingestion.connector import Column, Table

# Each table, and the object that it holds.
OBJECTS = {
    "accounts": "Account",
    "contacts": "Contact",
    "leads": "Lead",
    "opportunities": "Opportunity",
    "opportunity_history": "OpportunityHistory",
    "opportunity_contacts": "OpportunityContactRole",
    "tasks": "Task",
    "events": "Event",
    "cases": "Case",
    "case_history": "CaseHistory",
    "case_comments": "CaseComment",
    "email_messages": "EmailMessage",
    "users": "User",
}

RECORD = {
    "id": Column("string", path="Id"),
    "created_at": Column("timestamp", path="CreatedDate"),
    "modified_at": Column("timestamp", path="SystemModstamp"),
    "is_deleted": Column("boolean", path="IsDeleted"),
}


def text(field: str, optional: bool = False) -> Column:
    """Return a column for a field of text, a choice or a reference."""
    return Column("string", path=field, optional=optional)


# The same fields of contacts and leads. What ends in `__c` an org adds by itself; what is optional
# it may also keep from us.
PERSON = {
    "first_name": text("FirstName"),
    "last_name": text("LastName"),
    "email": text("Email"),
    "phone": text("Phone"),
    "language": text("Language__c", optional=True),
    "audience_roles": text("Audience_Roles__c", optional=True),
    "opted_out": Column("boolean", path="HasOptedOutOfEmail", optional=True),
    "do_not_call": Column("boolean", path="DoNotCall", optional=True),
    "owner_id": text("OwnerId"),
    "master_id": text("MasterRecordId"),
}

TABLES = (
    Table(
        name="accounts",
        key=("id",),
        time="modified_at",
        description="Companies; where the org has person accounts, those people too, flagged.",
        columns={
            **RECORD,
            "name": text("Name"),
            "website": text("Website"),
            "type": text("Type"),
            "country": text("BillingCountry"),
            "country_code": text("BillingCountryCode", optional=True),
            "parent_id": text("ParentId"),
            "owner_id": text("OwnerId"),
            "master_id": text("MasterRecordId"),
            "is_person": Column("boolean", path="IsPersonAccount", optional=True),
        },
    ),
    Table(
        name="contacts",
        key=("id",),
        time="modified_at",
        description="People in the CRM, deleted and merged ones included.",
        columns={
            **RECORD,
            **PERSON,
            "account_id": text("AccountId"),
            "city": text("MailingCity"),
            "country": text("MailingCountry"),
            "country_code": text("MailingCountryCode", optional=True),
            "birth_date": Column("date", path="Birthdate", optional=True),
            "lifecycle_stage": text("Lifecycle_Stage__c", optional=True),
        },
    ),
    Table(
        name="leads",
        key=("id",),
        time="modified_at",
        description="People who are no contacts yet, and those who became one by conversion.",
        columns={
            **RECORD,
            **PERSON,
            "company": text("Company"),
            "city": text("City"),
            "country": text("Country"),
            "country_code": text("CountryCode", optional=True),
            "status": text("Status"),
            "is_converted": Column("boolean", path="IsConverted"),
            "converted_contact_id": text("ConvertedContactId"),
        },
    ),
    Table(
        name="opportunities",
        key=("id",),
        time="modified_at",
        description="Deals, deleted ones included; their names are left at the vendor.",
        columns={
            **RECORD,
            "account_id": text("AccountId"),
            "stage": text("StageName"),
            "amount": Column("double", path="Amount"),
            "currency": text("CurrencyIsoCode", optional=True),
            "close_date": Column("date", path="CloseDate"),
            "is_closed": Column("boolean", path="IsClosed"),
            "is_won": Column("boolean", path="IsWon"),
            "owner_id": text("OwnerId"),
        },
    ),
    Table(
        name="opportunity_history",
        key=("id",),
        time="created_at",
        description="A deal after each change of stage, amount, probability or closing date.",
        columns={
            "id": Column("string", path="Id"),
            "opportunity_id": text("OpportunityId"),
            "stage": text("StageName"),
            "created_at": Column("timestamp", path="CreatedDate"),
            "is_deleted": Column("boolean", path="IsDeleted"),
        },
    ),
    Table(
        name="opportunity_contacts",
        key=("id",),
        time="modified_at",
        description="Whom a deal is with.",
        columns={
            **RECORD,
            "opportunity_id": text("OpportunityId"),
            "contact_id": text("ContactId"),
            "is_primary": Column("boolean", path="IsPrimary"),
        },
    ),
    Table(
        name="tasks",
        key=("id",),
        time="modified_at",
        description="Tasks, calls and e-mails of users; what they say is left at the vendor.",
        columns={
            **RECORD,
            "who_id": text("WhoId"),
            "owner_id": text("OwnerId"),
            "subtype": text("TaskSubtype"),
            "is_closed": Column("boolean", path="IsClosed"),
            "completed_at": Column("timestamp", path="CompletedDateTime", optional=True),
        },
    ),
    Table(
        name="events",
        key=("id",),
        time="modified_at",
        description="Meetings of users; what they are about is left at the vendor.",
        columns={
            **RECORD,
            "who_id": text("WhoId"),
            "owner_id": text("OwnerId"),
            "starts_at": Column("timestamp", path="StartDateTime"),
        },
    ),
    Table(
        name="cases",
        key=("id",),
        time="modified_at",
        description="Cases, deleted and merged ones included; subject and text are left behind.",
        columns={
            **RECORD,
            "contact_id": text("ContactId"),
            "account_id": text("AccountId"),
            "owner_id": text("OwnerId"),
            "type": text("Type"),
            "reason": text("Reason"),
            "origin": text("Origin"),
            "status": text("Status"),
            "priority": text("Priority"),
            "is_closed": Column("boolean", path="IsClosed"),
            "closed_at": Column("timestamp", path="ClosedDate"),
            "master_id": text("MasterRecordId"),
        },
    ),
    Table(
        name="case_history",
        key=("id",),
        time="created_at",
        description="Creation, status, owner and priority of cases, as far as the org tracks them.",
        columns={
            "id": Column("string", path="Id"),
            "case_id": text("CaseId"),
            "field": text("Field"),
            "old_value": text("OldValue"),
            "new_value": text("NewValue"),
            "created_by_id": text("CreatedById"),
            "created_at": Column("timestamp", path="CreatedDate"),
            "is_deleted": Column("boolean", path="IsDeleted"),
        },
    ),
    Table(
        name="case_comments",
        key=("id",),
        time="modified_at",
        description="Comments on cases, with their text.",
        columns={
            **RECORD,
            "case_id": text("ParentId"),
            "body": text("CommentBody"),
            "is_published": Column("boolean", path="IsPublished"),
            "created_by_id": text("CreatedById"),
        },
    ),
    Table(
        name="email_messages",
        key=("id",),
        time="modified_at",
        description="E-mails to and from us that belong to a case, with their text.",
        columns={
            **RECORD,
            "case_id": text("ParentId"),
            "from_address": text("FromAddress"),
            "body": text("TextBody"),
            "is_incoming": Column("boolean", path="Incoming"),
            "sent_at": Column("timestamp", path="MessageDate"),
            "created_by_id": text("CreatedById"),
        },
    ),
    Table(
        name="users",
        key=("id",),
        time="modified_at",
        description="Users: ours, and those of portals; one who left is no longer active.",
        columns={
            "id": Column("string", path="Id"),
            "created_at": Column("timestamp", path="CreatedDate"),
            "modified_at": Column("timestamp", path="SystemModstamp"),
            "first_name": text("FirstName"),
            "last_name": text("LastName"),
            "email": text("Email"),
            "employee_number": text("EmployeeNumber", optional=True),
            "user_type": text("UserType"),
            "contact_id": text("ContactId", optional=True),
            "is_active": Column("boolean", path="IsActive"),
        },
    ),
)
