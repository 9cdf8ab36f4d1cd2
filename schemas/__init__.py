"""One StructType a table, one frozen config dataclass a job."""
