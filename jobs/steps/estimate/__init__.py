"""Estimate the cost of a run from its stages on parts of a sample."""
