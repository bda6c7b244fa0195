"""What is kept of Stripe: the tables, their keys and columns, and nothing else.

Events are written in the version of the API that the account had when they happened, so no column
stands here that moved between versions. Nothing is asked of cards, banks or street addresses.
"""

from ingestion.connector import Column, Table

CREATED = Column("epoch_s", path="created")
# True for live data, false for a test; what it is stands on each object, and follows the key.
LIVE = Column("boolean", path="livemode")
MONEY = {"amount_minor": Column("bigint", path="amount"), "currency": Column("string")}

TABLES = (
    Table(
        name="customers",
        key=("id",),
        time="created_at",
        description="Customers; of a deleted one nothing is kept but that there was one.",
        columns={
            "id": Column("string"),
            "name": Column("string"),
            "email": Column("string"),
            "phone": Column("string"),
            "city": Column("string", path="address.city"),
            "country": Column("string", path="address.country"),
            "preferred_locales": Column("json"),
            "is_live": LIVE,
            "created_at": CREATED,
        },
    ),
    Table(
        name="charges",
        key=("id",),
        time="created_at",
        description="Attempts to take money; name and e-mail only where there is no customer.",
        columns={
            "id": Column("string"),
            "customer_id": Column("string", path="customer"),
            "status": Column("string"),
            "captured": Column("boolean"),
            "refunded": Column("boolean"),
            **MONEY,
            "amount_captured_minor": Column("bigint", path="amount_captured"),
            "kind": Column("string", optional=True),
            "guest_name": Column("string", path="billing_details.name"),
            "guest_email": Column("string", path="billing_details.email"),
            "is_live": LIVE,
            "created_at": CREATED,
        },
    ),
    Table(
        name="refunds",
        key=("id",),
        time="created_at",
        description="Money that was paid back, or should have been.",
        columns={
            "id": Column("string"),
            "charge_id": Column("string", path="charge"),
            "status": Column("string"),
            "reason": Column("string"),
            **MONEY,
            "created_at": CREATED,
        },
    ),
    Table(
        name="disputes",
        key=("id",),
        time="created_at",
        description="Money that a customer's bank asked back, and how that ended.",
        columns={
            "id": Column("string"),
            "charge_id": Column("string", path="charge"),
            "status": Column("string"),
            "reason": Column("string"),
            **MONEY,
            "is_live": LIVE,
            "created_at": CREATED,
        },
    ),
    Table(
        name="subscriptions",
        key=("id",),
        time="created_at",
        description="Subscriptions, ended ones included, with the products they are for.",
        columns={
            "id": Column("string"),
            "customer_id": Column("string", path="customer"),
            "status": Column("string"),
            "products": Column("json"),
            "started_at": Column("epoch_s", path="start_date"),
            "ended_at": Column("epoch_s", path="ended_at"),
            "is_live": LIVE,
            "created_at": CREATED,
        },
    ),
)
