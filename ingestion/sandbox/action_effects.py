"""What was planted for the marts of action to find: sizes and reasons, fixed in advance.

Each size is what its mart should find with a power of about 0.9 at the default world's numbers
(``powers.py``); in the shuffled twin as much happens to people dealt anew (``Population.linked``).
"""

# Of requests by the web form so many that would have taken a second mail take none.
WEB_FORM_FROM, WEB_FORM_SPARES = "2025-04", 0.75
# Who gave 9 or 10 recommends us within 75 days with the one chance, everybody else with the other.
SAID_FROM, RECOMMENDS, RECOMMENDS_ANYWAY = 9, 0.40, 0.10
# And as a customer buys once more within 350 days, beside all other orders.
BUYS_AGAIN = 0.40

ROWS = [
    ("second_mails_by_web_form", 1 - WEB_FORM_SPARES, "times", f"{WEB_FORM_FROM}-01",
     "Requests by the web form are so many times as often written to again: initiative web_form."),
    ("german_helpline_nps", 0.0, "points", "2025-01-01",
     "The helpline in German moves nobody's answer: a true null among the initiatives."),
    ("recommends_when_said", 100 * (RECOMMENDS - RECOMMENDS_ANYWAY), "percentage points",
     "2023-07-01",
     "Customers and fans who answer 9 or 10 recommend us more often in the 75 days after."),
    ("buys_again_when_said", BUYS_AGAIN, "orders", "2023-07-01",
     "Customers who answer 9 or 10 buy so much more in the 350 days after, if they stay."),
]  # fmt: skip
