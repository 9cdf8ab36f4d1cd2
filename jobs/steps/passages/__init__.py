"""The steps of `passages`."""
