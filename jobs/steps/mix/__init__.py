"""Steps of mix: recipes, the token budget, sampling by a hash order, and the summary."""
