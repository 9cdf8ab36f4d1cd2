"""Readers of raw records for `redpajama trace`: what an archive holds where a document came from."""
