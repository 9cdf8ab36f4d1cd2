"""Bare library calls over a dump, as baselines of the slices.

Each module has `bare(paths)`, which returns the number of characters of extracted text.
"""
