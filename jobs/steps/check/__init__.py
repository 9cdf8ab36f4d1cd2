"""Parts of the check of a root: manifests and records, files, and rows."""
