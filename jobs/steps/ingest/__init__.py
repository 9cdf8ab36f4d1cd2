"""What `jobs/ingest.py` is made of: which inputs are new, and what must hold before they are published."""
