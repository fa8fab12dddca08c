"""The pages: read the request, ask a query or an operation, show a template. No rule lives here."""
