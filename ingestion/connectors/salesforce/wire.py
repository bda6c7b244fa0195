"""One record of each kind as Salesforce writes it, of what the sandbox's world knows.

Ids are Salesforce's: three signs for the object, a number, and three that make case not matter.
"""

from datetime import date, datetime, timedelta
from typing import Any

Row = dict[str, Any]

CASES = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
PREFIXES = {
    "Account": "001",
    "Contact": "003",
    "Lead": "00Q",
    "Opportunity": "006",
    "OpportunityHistory": "008",
    "OpportunityContactRole": "00K",
    "Task": "00T",
    "Event": "00U",
    "Case": "500",
    "CaseHistory": "017",
    "CaseComment": "00a",
    "EmailMessage": "02s",
    "User": "005",
    "Queue": "00G",
}
COMPANY_TYPES = {
    "customer": "Customer - Direct",
    "dealer": "Channel Partner / Reseller",
    "supplier": "Vendor",
}
DEAL_STAGES = {
    "appointmentscheduled": "Prospecting",
    "qualifiedtobuy": "Qualification",
    "contractsent": "Proposal/Price Quote",
    "closedwon": "Closed Won",
    "closedlost": "Closed Lost",
}
ENTERED = {
    "entered_appointment_at": "Prospecting",
    "entered_qualified_at": "Qualification",
    "entered_contract_at": "Proposal/Price Quote",
    "entered_won_at": "Closed Won",
    "entered_lost_at": "Closed Lost",
}
CASE_TYPES = {9001: "Customer", 9002: "Dealer", 9003: "Fan"}
CASE_ORIGINS = {"web": "Web", "email": "Email", "chat": "Chat", "voice": "Phone"}
CASE_STATUSES = {
    "new": "New",
    "open": "Working",
    "pending": "Waiting on Customer",
    "hold": "On Hold",
    "solved": "Closed",
    "closed": "Closed",
    "deleted": "Closed",
}
PRIORITIES = {"low": "Low", "normal": "Medium", "high": "High", "urgent": "Critical"}
LEAD_STATUS, CONVERTED = "Open - Not Contacted", "Closed - Converted"


def salesforce_id(kind: str, number: int) -> str:
    """Return the 18 signs of a record's id."""
    digits = ""
    for _ in range(9):
        number, digit = divmod(number, 62)
        digits = DIGITS[digit] + digits
    short = f"{PREFIXES[kind]}AX0{digits}"
    return short + "".join(_case_of(short[start : start + 5]) for start in (0, 5, 10))


def _case_of(chunk: str) -> str:
    return CASES[sum(sign.isupper() << place for place, sign in enumerate(chunk))]


def optional_id(kind: str, number: int | None) -> str | None:
    """Return an id, or None for none."""
    return None if number is None else salesforce_id(kind, int(number))


def moment(stamp: str | None) -> str | None:
    """Return an instant of the world as Salesforce's JSON writes it."""
    return None if stamp is None else stamp.removesuffix("Z") + ".000+0000"


def _record(kind: str, number: int, row: Row, deleted_at: str | None = None) -> Row:
    changed = max(filter(None, (row["updated_at"], deleted_at)))
    return {
        "Id": salesforce_id(kind, number),
        "CreatedDate": moment(row["created_at"]),
        "LastModifiedDate": moment(changed),
        "SystemModstamp": moment(changed),
        "IsDeleted": deleted_at is not None,
    }


def account(row: Row) -> Row:
    """Return a company."""
    return {
        **_record("Account", row["organisation_id"], row, row["archived_at"]),
        "Name": row["name"],
        "Website": row["domain"] and f"https://www.{row['domain']}/",
        "Type": COMPANY_TYPES.get(row["kind"], "Other"),
        "BillingCountry": row["country"],
        "BillingCountryCode": row["country"],
        "ParentId": None,
        "OwnerId": salesforce_id("User", row["owner_id"]),
        "MasterRecordId": None,
        "AnnualRevenue": 1000000.0,
    }


def _person(row: Row) -> Row:
    return {
        "FirstName": row["first_name"],
        "LastName": row["last_name"],
        "Email": row["email"],
        "Phone": row["phone"],
        "Language__c": row["language"],
        "Audience_Roles__c": row["audience_roles"] or None,
        "HasOptedOutOfEmail": row["opted_out"],
        "DoNotCall": row["opted_out"] and row["owner_id"] % 2 == 0,
        "OwnerId": salesforce_id("User", row["owner_id"]),
        "Salary__c": 90000.0,
    }


def contact(row: Row) -> Row:
    """Return a contact; the loser of a merge is deleted and names its master."""
    return {
        **_record("Contact", row["contact_id"], row, row["archived_at"]),
        **_person(row),
        "MasterRecordId": optional_id("Contact", row["merged_into"]),
        "AccountId": optional_id("Account", row["organisation_id"]),
        "MailingCity": row["city"],
        "MailingCountry": row["country"],
        "MailingCountryCode": row["country"],
        "Birthdate": row["birth_date"],
        "Lifecycle_Stage__c": row["lifecycle_stage"],
    }


def lead(row: Row) -> Row:
    """Return a lead; one that turned out to be a known contact was converted into it."""
    winner = row["merged_into"]
    # Conversion keeps the lead; anything else that ends it deletes it.
    deleted_at = None if winner is not None else row["archived_at"]
    return {
        **_record("Lead", row["contact_id"], row, deleted_at),
        **_person(row),
        "MasterRecordId": None,
        "Company": "[not provided]",
        "City": row["city"],
        "Country": row["country"],
        "CountryCode": row["country"],
        "Status": LEAD_STATUS if winner is None else CONVERTED,
        "IsConverted": winner is not None,
        "ConvertedContactId": optional_id("Contact", winner),
    }


def opportunity(row: Row) -> Row:
    """Return a deal; the closing date of an open one is a hope."""
    hope = datetime.fromisoformat(row["created_at"]).date() + timedelta(days=60)
    closed_on = date.fromisoformat(row["close_at"][:10]) if row["close_at"] else hope
    return {
        **_record("Opportunity", row["deal_id"], row, row["archived_at"]),
        "Name": row["name"],
        "AccountId": optional_id("Account", row["organisation_id"]),
        "StageName": DEAL_STAGES[row["stage"]],
        "Amount": row["amount"],
        "CurrencyIsoCode": row["currency"],
        "CloseDate": closed_on.isoformat(),
        "IsClosed": row["stage"] in ("closedwon", "closedlost"),
        "IsWon": row["stage"] == "closedwon",
        "OwnerId": salesforce_id("User", row["owner_id"]),
    }


def opportunity_history(row: Row) -> list[Row]:
    """Return a row for each stage that a deal reached; the last was written down with the deal."""
    reached = sorted(
        (row[at], stage, n) for n, (at, stage) in enumerate(ENTERED.items()) if row[at]
    )
    written = [*(at for at, *_ in reached[:-1]), max(row["updated_at"], reached[-1][0])]
    return [
        {
            "Id": salesforce_id("OpportunityHistory", row["deal_id"] * 10 + n),
            "OpportunityId": salesforce_id("Opportunity", row["deal_id"]),
            "StageName": stage,
            "CreatedDate": moment(at),
            "SystemModstamp": moment(stamp),
            "IsDeleted": row["archived_at"] is not None,
        }
        for (at, stage, n), stamp in zip(reached, written, strict=True)
    ]


def opportunity_contact(row: Row) -> Row:
    """Return whom a deal is with."""
    return {
        **_record("OpportunityContactRole", row["deal_id"], row, row["archived_at"]),
        "OpportunityId": salesforce_id("Opportunity", row["deal_id"]),
        "ContactId": salesforce_id("Contact", row["contact_id"]),
        "Role": None,
        "IsPrimary": True,
    }


def task(row: Row) -> Row:
    """Return the e-mail by which a contract went out."""
    at = row["entered_contract_at"]
    return {
        **_record("Task", row["deal_id"], row | {"created_at": at}),
        "WhoId": salesforce_id("Contact", row["contact_id"]),
        "OwnerId": salesforce_id("User", row["owner_id"]),
        "Subject": "Contract",
        "TaskSubtype": "Email",
        "IsClosed": True,
        "CompletedDateTime": moment(at),
    }


def event(row: Row) -> Row:
    """Return the appointment that a deal began with."""
    return {
        **_record("Event", row["deal_id"], row),
        "WhoId": salesforce_id("Contact", row["contact_id"]),
        "OwnerId": salesforce_id("User", row["owner_id"]),
        "Subject": "Appointment",
        "StartDateTime": moment(row["entered_appointment_at"]),
    }


def case(row: Row) -> Row:
    """Return a request for help; who opened it is known where an address or a link says so."""
    is_closed = row["status"] in ("solved", "closed", "deleted")
    row = row | {"updated_at": row["generated_at"]}
    deleted_at = row["generated_at"] if row["status"] == "deleted" else None
    return {
        **_record("Case", row["ticket_id"], row, deleted_at),
        "ContactId": optional_id("Contact", row["contact_id"]),
        "AccountId": optional_id("Account", row["organisation_id"]),
        "OwnerId": row["agent"] or salesforce_id("Queue", row["brand_id"]),
        "Type": CASE_TYPES.get(row["brand_id"]),
        "Reason": row["topic"],
        "Origin": CASE_ORIGINS[row["channel"]],
        "Status": CASE_STATUSES[row["status"]],
        "Priority": PRIORITIES.get(row["priority"]),
        "IsClosed": is_closed,
        "ClosedDate": moment(row["solved_at"] or row["generated_at"]) if is_closed else None,
        "MasterRecordId": None,
        "Subject": row["subject"],
        "Description": row["description"],
    }


def case_history(row: Row) -> Row:
    """Return what changed in a case."""
    field, known = {
        "created": ("created", {}),
        "status": ("Status", CASE_STATUSES),
        "assignment": ("Owner", None),
    }[row["event_type"]]
    old, new = (
        (row["previous_agent"], row["agent"])
        if known is None
        else (known.get(row["previous_value"]), known.get(row["value"]))
    )
    return {
        "Id": salesforce_id("CaseHistory", row["event_id"]),
        "CaseId": salesforce_id("Case", row["ticket_id"]),
        "Field": field,
        "OldValue": old,
        "NewValue": new,
        "CreatedById": row["actor"],
        "CreatedDate": moment(row["recorded_at"]),
        "IsDeleted": False,
    }


def case_comment(row: Row) -> Row:
    """Return a note on a case."""
    row = row | {"created_at": row["recorded_at"], "updated_at": row["recorded_at"]}
    return {
        **_record("CaseComment", row["event_id"], row),
        "ParentId": salesforce_id("Case", row["ticket_id"]),
        "CommentBody": row["value"],
        "IsPublished": row["is_public"],
        "CreatedById": row["actor"],
    }


def email_message(row: Row) -> Row:
    """Return a letter to or from the one who asked."""
    return {
        **_record("EmailMessage", row["event_id"], row | {"updated_at": row["recorded_at"]}),
        "ParentId": salesforce_id("Case", row["ticket_id"]),
        "FromAddress": row["from_address"],
        "TextBody": row["value"],
        "HtmlBody": f"<p>{row['value']}</p>",
        "Incoming": row["is_incoming"],
        "MessageDate": moment(row["created_at"]),
        "CreatedById": row["actor"],
    }


def user(row: Row) -> Row:
    """Return a user."""
    return {
        **_record("User", row["number"], row),
        "FirstName": row["first_name"],
        "LastName": row["last_name"],
        "Email": row["email"],
        "EmployeeNumber": row["employee_number"],
        "UserType": row["user_type"],
        "ContactId": None,
        "IsActive": row["is_active"],
    }
