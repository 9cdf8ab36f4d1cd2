"""Show two texts side by side on a terminal, with their differences marked."""
