"""The parts of `jobs/export.py`: which rows are exported, their shards, and the formats of files."""
