"""Texts, what a rule of a bundled set decides on each, and why: paper and section, or the authors' code."""
