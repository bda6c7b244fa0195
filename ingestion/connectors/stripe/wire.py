"""One object of each kind as Stripe writes it, undeclared keys included."""

from typing import Any

Row = dict[str, Any]

# In the order in which they happen to one object.
EVENT_TYPES = (
    "customer.updated",
    "customer.deleted",
    "charge.succeeded",
    "charge.refunded",
    "refund.created",
    "charge.dispute.closed",
    "customer.subscription.updated",
    "customer.subscription.deleted",
)
# In the emulator's own words, so that it can not agree with a mistake on the other side.
UNITS = {"jpy": 1, "krw": 1, "kwd": 1000}


def minor(amount: float, currency: str) -> int:
    """Return an amount in the smallest unit of its currency."""
    return round(amount * UNITS.get(currency, 100))


def customer(row: Row) -> Row:
    """Return a customer."""
    return {
        "id": row["customer_id"],
        "object": "customer",
        "address": None,
        "balance": 0,
        "created": row["created"],
        "currency": None,
        "default_source": None,
        "delinquent": False,
        "description": None,
        "email": row["email"],
        "invoice_prefix": row["customer_id"][-8:].upper(),
        "livemode": True,
        "metadata": {},
        "name": row["name"],
        "phone": None,
        "preferred_locales": [],
        "shipping": None,
    }


def charge(row: Row) -> Row:
    """Return a charge; a released one was authorised and never captured."""
    released = row["status"] == "cancelled"
    amount = minor(row["amount"], row["currency"])
    back = amount if released else minor(row["refunded"], row["currency"])
    return {
        "id": row["charge_id"],
        "object": "charge",
        "amount": amount,
        "amount_captured": 0 if released else amount,
        "amount_refunded": back,
        "balance_transaction": None if released else f"txn_{row['order_id']}",
        "billing_details": {
            "address": {"city": None, "country": None, "line1": "1 Denied Street"},
            "email": row["email"],
            "name": row["name"],
            "phone": None,
        },
        "captured": not released,
        "created": row["created"],
        "currency": row["currency"],
        "customer": row["customer_id"],
        "description": None,
        "disputed": row["disputed"] > 0,
        "livemode": True,
        "metadata": {"kind": row["kind"], "order_id": row["order_id"]},
        "paid": True,
        "payment_intent": f"pi_{row['order_id']}",
        "payment_method_details": {"type": "card", "card": {"last4": "4242"}},
        "receipt_email": row["email"],
        "refunded": back == amount,
        "status": "succeeded",
    }


def refund(row: Row) -> Row:
    """Return the refund of a charge; unlike other objects it does not say which mode it is of."""
    return {
        "id": f"re_{row['order_id']}",
        "object": "refund",
        "amount": minor(row["refunded"], row["currency"]),
        "charge": row["charge_id"],
        "created": row["changed"],
        "currency": row["currency"],
        "metadata": {},
        "payment_intent": f"pi_{row['order_id']}",
        "reason": "requested_by_customer",
        "receipt_number": None,
        "status": "succeeded",
    }


def dispute(row: Row) -> Row:
    """Return a dispute that was lost: the bank has taken the money back."""
    return {
        "id": f"du_{row['order_id']}",
        "object": "dispute",
        "amount": minor(row["disputed"], row["currency"]),
        "charge": row["charge_id"],
        "created": row["changed"],
        "currency": row["currency"],
        "evidence": {"customer_email_address": row["email"]},
        "is_charge_refundable": False,
        "livemode": True,
        "metadata": {},
        "reason": "fraudulent",
        "status": "lost",
    }


def subscription(row: Row) -> Row:
    """Return a subscription to one product."""
    price = {"id": f"price_{row['kind']}", "object": "price", "product": f"prod_{row['kind']}"}
    item = {"id": f"si_{row['member_number']}", "object": "subscription_item", "price": price}
    return {
        "id": f"sub_{row['member_number']}",
        "object": "subscription",
        "cancel_at_period_end": False,
        "canceled_at": row["ended"],
        "created": row["created"],
        "customer": row["customer_id"],
        "default_payment_method": "pm_denied",
        "ended_at": row["ended"],
        "items": {"object": "list", "data": [item], "has_more": False},
        "livemode": True,
        "metadata": {},
        "start_date": row["started"],
        "status": "active" if row["ended"] is None else "canceled",
    }


def event(kind: str, created: int, told: Row) -> Row:
    """Return an event with the object as it was then; its id orders those of one second."""
    return {
        "id": f"evt_{EVENT_TYPES.index(kind)}_{told['id']}",
        "object": "event",
        "api_version": "2024-06-20",
        "created": created,
        "data": {"object": told},
        "livemode": True,
        "pending_webhooks": 0,
        "request": {"id": None, "idempotency_key": None},
        "type": kind,
    }


def in_mode(told: Row, is_live: bool) -> Row:
    """Return an object as a live or a test key is shown it."""
    if told["object"] == "event":
        told = told | {"data": {"object": in_mode(told["data"]["object"], is_live)}}
    return told | {"livemode": is_live} if "livemode" in told else told
