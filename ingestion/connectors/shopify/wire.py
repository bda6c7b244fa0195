"""One record of each kind as Shopify holds it; a query takes from it what it asks for."""

import re
from typing import Any

Row = dict[str, Any]


class UnknownField(ValueError):
    """A query asks for what the schema does not have."""

    def __init__(self, field: str, of: str) -> None:
        super().__init__(f"Field '{field}' doesn't exist on type '{of}'")


def customer(row: Row) -> Row:
    """Return a customer; of an erased one the personal data are gone."""
    first, _, last = (row["name"] or "").partition(" ")
    email = {"emailAddress": row["email"], "marketingState": row["marketing"]}
    return {
        "id": f"gid://shopify/Customer/{row['customer_id']}",
        "legacyResourceId": str(row["customer_id"]),
        "firstName": first or None,
        "lastName": last or None,
        "defaultEmailAddress": email if row["email"] else None,
        "defaultPhoneNumber": None,
        "locale": "en",
        "defaultAddress": None,
        "note": "denied note",
        "createdAt": row["created_at"],
        "updatedAt": row["updated_at"],
    }


def order(row: Row) -> Row:
    """Return an order."""
    is_cancelled = row["status"] == "cancelled"
    buyer = row["customer_id"]
    return {
        "id": f"gid://shopify/Order/{row['number']}",
        "legacyResourceId": str(row["number"]),
        "name": f"#{row['order_id']}",
        "email": row["email"],
        "customer": None if buyer is None else {"legacyResourceId": str(buyer)},
        "displayFinancialStatus": financial_status(row),
        "test": False,
        "totalPriceSet": money(row["amount"], row["currency"]),
        "totalRefundedSet": money(row["refunded_amount"], row["currency"]),
        "customAttributes": [
            {"key": "gift_note", "value": "denied note"},
            {"key": "kind", "value": row["kind"]},
        ],
        "processedAt": row["ordered_at"],
        "cancelledAt": row["updated_at"] if is_cancelled else None,
        "createdAt": row["created_at"],
        "updatedAt": row["updated_at"],
    }


def financial_status(row: Row) -> str:
    """Return how far an order has been paid for, and paid back."""
    if row["status"] == "cancelled":
        return "VOIDED"
    if row["status"] == "paid":
        return "PAID"
    return "REFUNDED" if row["refunded_amount"] >= row["amount"] else "PARTIALLY_REFUNDED"


def money(amount: float, currency: str) -> Row:
    """Return an amount as text, in the shop's currency and in the buyer's."""
    of_shop = {"amount": f"{amount:.2f}", "currencyCode": currency}
    return {"shopMoney": of_shop, "presentmentMoney": of_shop}


def fields(query: str) -> Row:
    """Return what a query asks for as a tree; arguments are given by its variables."""
    words = re.findall(r"[{}]|\w+", re.sub(r"\([^()]*\)", "", query))
    return _branch(iter(words[words.index("{") + 1 :]))


def _branch(words: Any) -> Row:
    tree: Row = {}
    name = ""
    for word in words:
        if word == "}":
            return tree
        if word == "{":
            tree[name] = _branch(words)
        else:
            name = word
            tree[name] = {}
    return tree


def taken(value: Any, tree: Row, of: str) -> Any:
    """Return of a record what was asked for."""
    if not tree or value is None:
        return value
    if isinstance(value, list):
        return [taken(one, tree, of) for one in value]
    for name in tree:
        if name not in value:
            raise UnknownField(name, of)
    return {name: taken(value[name], branch, name) for name, branch in tree.items()}
