"""URLs and domains: canonical forms, block lists and keys of takedowns."""
