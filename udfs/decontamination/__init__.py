"""Find items of evaluation sets in documents by shared n-grams of words."""
