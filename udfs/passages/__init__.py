"""Passages that stand in several documents: where they are, and what of a text is left without them."""
