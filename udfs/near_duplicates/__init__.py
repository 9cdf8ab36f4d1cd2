"""Near duplicates: MinHash with its LSH bands, SimHash, and the recall of both."""
