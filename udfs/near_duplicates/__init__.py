"""Near duplicates: MinHash and SimHash, look-ups of similar signatures, and their recall."""
