"""Files of models: find, check, load and describe them."""
