"""One folder a vendor; `ingestion.connector.discover` finds them."""
