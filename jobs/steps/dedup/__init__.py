"""The steps of dedup: candidate pairs, verified edges, clusters, and a survivor for each cluster."""
