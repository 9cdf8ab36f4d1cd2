"""Train the models that the jobs load, from the user's own texts."""
