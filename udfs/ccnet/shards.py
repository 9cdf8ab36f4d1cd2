"""How CCNet divides a crawl: archives into shards, shards into groups, results into files."""

from __future__ import annotations

from collections.abc import Sequence

# a dump in RedPajama is 5000 shards, each a group of its own; CCNet's paper used 1600, 50 a group
REDPAJAMA_SHARDS = 5000


def segment_range(shard: int, n_segments: int, num_shards: int, limit: int = -1) -> range:
    """Return the archives of a shard, by their place in the crawl's list of paths.

    A limit that is not negative takes the first ones only (`num_segments_per_shard`).
    """
    start, stop = shard * n_segments // num_shards, (shard + 1) * n_segments // num_shards
    return range(start, stop if limit < 0 else min(stop, start + limit))


def shard_of(segment: int, n_segments: int, num_shards: int) -> int:
    """Return the shard whose `segment_range` holds an archive."""
    return ((segment + 1) * num_shards - 1) // n_segments


def dedup_group(shard: int, shards_in_group: int = 1) -> int:
    """Return the group within which a shard's paragraphs are compared (`hash_in_mem` shards)."""
    return shard // shards_in_group


def regroup(sizes: Sequence[int], target: int) -> list[range]:
    """Return runs of files to be joined into files of about `target` bytes.

    As CCNet, whose runs are equally long: `target` over the mean size of the first 10 files.
    """
    sample = sizes[:10]
    if not sample:
        return []
    mean = sum(sample) / len(sample)
    step = min(max(int(target // mean), 1), len(sizes)) if mean else len(sizes)
    return [range(at, min(at + step, len(sizes))) for at in range(0, len(sizes), step)]
