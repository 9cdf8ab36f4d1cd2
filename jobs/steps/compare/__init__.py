"""Parts of a comparison: the two sides, their rows, why they differ, and what is shown."""
