"""The sections of the report, and what they are drawn with: one idea a file."""
