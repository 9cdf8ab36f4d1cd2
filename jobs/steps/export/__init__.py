"""Export tables: select rows, write shards, and the formats of files."""
