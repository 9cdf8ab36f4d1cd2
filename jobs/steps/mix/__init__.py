"""What the mixture is made by: recipes, the budget, and the prefix of an order; one idea a file."""
