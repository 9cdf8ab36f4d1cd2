"""Steps of an ingest: which inputs are new, and what must hold before they are published."""
