"""What is kept of Shopify: the tables, their keys and columns, and nothing else.

A column's path is what the query asks for, so declaring it here is all it takes. Nothing is asked
of addresses beyond city and country, and nothing of what was in the basket.
"""

from ingestion.connector import Column, Table

TABLES = (
    Table(
        name="customers",
        key=("id",),
        time="updated_at",
        description="Customers of the shop; of one that is gone nothing is kept but the id.",
        columns={
            "id": Column("string", path="legacyResourceId"),
            "first_name": Column("string", path="firstName"),
            "last_name": Column("string", path="lastName"),
            "email": Column("string", path="defaultEmailAddress.emailAddress"),
            "email_marketing": Column("string", path="defaultEmailAddress.marketingState"),
            "phone": Column("string", path="defaultPhoneNumber.phoneNumber"),
            "locale": Column("string"),
            "city": Column("string", path="defaultAddress.city"),
            "country": Column("string", path="defaultAddress.countryCodeV2"),
            "created_at": Column("timestamp", path="createdAt"),
            "updated_at": Column("timestamp", path="updatedAt"),
        },
    ),
    Table(
        name="orders",
        key=("id",),
        time="updated_at",
        description="Orders with what was paid back, in the shop's currency; tests included.",
        columns={
            "id": Column("string", path="legacyResourceId"),
            "customer_id": Column("string", path="customer.legacyResourceId"),
            "financial_status": Column("string", path="displayFinancialStatus"),
            "is_test": Column("boolean", path="test"),
            "amount": Column("double", path="totalPriceSet.shopMoney.amount"),
            "currency": Column("string", path="totalPriceSet.shopMoney.currencyCode"),
            "refunded_amount": Column("double", path="totalRefundedSet.shopMoney.amount"),
            "kind": Column("string", optional=True),
            "processed_at": Column("timestamp", path="processedAt"),
            "cancelled_at": Column("timestamp", path="cancelledAt"),
            "created_at": Column("timestamp", path="createdAt"),
            "updated_at": Column("timestamp", path="updatedAt"),
        },
    ),
)
# What columns are made of that stand nowhere as such.
MADE_OF = {"kind": ("customAttributes.key", "customAttributes.value")}
