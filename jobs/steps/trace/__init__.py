"""Trace a document to its source record, and explain what each job decided about it."""
