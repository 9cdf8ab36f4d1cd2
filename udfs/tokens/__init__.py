"""Count tokens, and pack documents as token ids."""
