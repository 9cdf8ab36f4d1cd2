"""Fetching published models and lists: what there is, how a file comes whole, how lists are unpacked."""
