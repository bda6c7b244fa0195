"""The small surveys as Typeform holds them."""

import json

from survey_world import after, response, survey, tables

__all__ = ["DECLARED", "SETTINGS", "after", "response", "survey", "tables"]

# Beside the list of forms nothing is read but what is declared.
SETTINGS = {"surveys": '{"customer_nps": "identified"}'}
DECLARED = json.dumps(
    {
        "customer_nps": "identified",
        "employee_pulse": "confidential",
        "candidate_csat": "anonymous",
    }
)
