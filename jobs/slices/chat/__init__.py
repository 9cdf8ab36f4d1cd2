"""Sets of conversations, instructions and preferences: a table of sets, and one reader for all of them."""
