"""Fetch published models and lists: addresses and checksums, resumable downloads, UT1's archive."""
