"""The small surveys as SurveyMonkey holds them."""

import json

from survey_world import CANDIDATES, CUSTOMERS, STAFF, response, survey, tables

from ingestion.connectors.surveymonkey.wire import number

__all__ = ["CUSTOMER_ID", "DECLARED", "SETTINGS", "number", "response", "survey", "tables"]

CUSTOMER_ID = number(CUSTOMERS)
# Beside the list of surveys nothing is read but what is declared.
SETTINGS = {"surveys": json.dumps({CUSTOMER_ID: "identified"})}
DECLARED = json.dumps(
    {
        CUSTOMER_ID: "identified",
        number(STAFF): "confidential",
        number(CANDIDATES): "anonymous",
    }
)
