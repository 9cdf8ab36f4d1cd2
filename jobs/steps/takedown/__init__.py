"""The steps of a takedown, and how every other job consults takedowns/."""
