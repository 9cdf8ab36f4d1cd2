"""Where a document comes from, and its way through every job."""
