"""An example of a package that adds a slice, a signal, an export format and a filter set."""
