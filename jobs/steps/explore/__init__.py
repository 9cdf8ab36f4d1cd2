"""Serve the pages of `explore`: queries by DuckDB, HTML from the server, a map of the documents."""
