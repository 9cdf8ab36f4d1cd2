"""What curate decides by: filter sets, block lists, and the order in which reasons count."""
