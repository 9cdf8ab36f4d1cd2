"""CCNet's division of a crawl: archives into shards, results into files.

The RedPajama-V2 export computes `shard_of` in Spark; its tests compare the two.
"""

from __future__ import annotations

from collections.abc import Sequence

# RedPajama divides a dump into 5000 shards and dedups each by itself; CCNet's paper has 1600 shards in
# groups of 50
REDPAJAMA_SHARDS = 5000


def segment_range(shard: int, n_segments: int, num_shards: int, limit: int = -1) -> range:
    """Return the archives of a shard, as positions in the crawl's list of paths.

    A limit of 0 or more takes only that many (CCNet's `num_segments_per_shard`).
    """
    start, stop = shard * n_segments // num_shards, (shard + 1) * n_segments // num_shards
    return range(start, stop if limit < 0 else min(stop, start + limit))


def shard_of(segment: int, n_segments: int, num_shards: int) -> int:
    """Return the shard whose `segment_range` contains an archive."""
    return ((segment + 1) * num_shards - 1) // n_segments


def regroup(sizes: Sequence[int], target: int) -> list[range]:
    """Return runs of consecutive files to concatenate into files of about `target` bytes.

    All runs have as many files as CCNet's: `target` divided by the mean size of the first 10 files.
    No command calls this; it is kept for the reference's conformance pairs.
    """
    sample = sizes[:10]
    if not sample:
        return []
    mean = sum(sample) / len(sample)
    step = min(max(int(target // mean), 1), len(sizes)) if mean else len(sizes)
    return [range(start, min(start + step, len(sizes))) for start in range(0, len(sizes), step)]
