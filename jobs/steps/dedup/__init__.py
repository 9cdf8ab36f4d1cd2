"""The steps of dedup: edges between documents, clusters of edges, a survivor for each cluster."""
