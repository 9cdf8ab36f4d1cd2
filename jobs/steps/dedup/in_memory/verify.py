"""Verify candidate pairs: `jobs.steps.dedup.verify` on arrays."""

from __future__ import annotations

import numpy as np

from jobs.steps.dedup.in_memory.documents import Documents
from jobs.steps.dedup.in_memory.edges import Edges, Stars, joined, stars
from jobs.steps.dedup.verify import ROUNDS


def verified(documents: Documents, candidates: Stars, threshold: float) -> Edges:
    """Return the candidate pairs whose estimated similarity reaches the threshold."""
    kept = []
    for _ in range(ROUNDS):
        pairs, inverse = np.unique(np.stack(candidates.edges), axis=1, return_inverse=True)
        ends = documents.of_node[pairs]
        is_similar = documents.similarities(ends[0], ends[1]) >= threshold
        is_similar &= ~documents.same_tree(ends[0], ends[1])
        kept.append(Edges(*pairs[:, is_similar]))
        failed = ~is_similar[inverse.ravel()]
        candidates = stars(candidates.node[failed], candidates.key[failed])
        if not len(candidates.node):
            break
    return joined(kept)
