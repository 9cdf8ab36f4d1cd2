"""An example of a package that adds a slice, an export format and a filter set."""
