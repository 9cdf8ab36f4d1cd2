"""Models that the jobs use, trained from the user's own texts."""
