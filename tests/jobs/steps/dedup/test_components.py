"""Connected components: both algorithms, on graphs that are hard for one of them."""

from __future__ import annotations

import random
from pathlib import Path

import networkx
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st
from pyspark.sql import SparkSession

from jobs.steps.dedup import components
from jobs.steps.dedup.candidates import EDGES
from jobs.steps.dedup.scratch import Scratch

Edges = list[tuple[int, int]]


def expected(edges: Edges) -> dict[int, int]:
    graph = networkx.Graph(edges)
    components_ = networkx.connected_components(graph)
    return {node: min(members) for members in components_ for node in members}


def in_one_task(edges: Edges, batch: int) -> dict[int, int]:
    batches = [
        pa.RecordBatch.from_pydict(
            {
                "node": pa.array([a for a, _ in edges[i : i + batch]], pa.int64()),
                "centre": pa.array([b for _, b in edges[i : i + batch]], pa.int64()),
            }
        )
        for i in range(0, len(edges), batch)
    ]
    labels = pa.Table.from_batches(
        components.label_in_memory(iter(batches)),
        schema=pa.schema([("node", pa.int64()), ("component", pa.int64())]),
    )
    return dict(zip(labels["node"].to_pylist(), labels["component"].to_pylist(), strict=True))


numbers = st.integers(-(2**63), 2**63 - 1) | st.integers(-5, 5)


@given(st.lists(st.tuples(numbers, numbers), max_size=60), st.integers(1, 7))
def test_components_of_any_graph_in_memory(edges: Edges, batch: int) -> None:
    edges = [(a, b) for a, b in edges if a != b]
    assert in_one_task(edges, batch) == expected(edges)


def graph() -> Edges:
    """Three unconnected parts: a random graph, long chains, and a star."""
    choose = random.Random(7)
    scattered = [(choose.randrange(400), choose.randrange(400)) for _ in range(300)]
    names = choose.sample(range(1_000, 11_000), 300)
    chains = [(names[i], names[i + 1]) for i in range(299) if i % 100 != 99]
    return [*scattered, *chains, *((node, -1) for node in range(20_000, 22_000))]


def test_both_algorithms_return_the_same_components(spark: SparkSession, tmp_path: Path) -> None:
    edges = graph()
    frame = spark.createDataFrame(edges, EDGES)
    for limit, folder in ((10**6, "one"), (0, "many")):
        rows = components.find(frame, Scratch(str(tmp_path / folder)), in_memory=limit).collect()
        assert {row["node"]: row["component"] for row in rows} == expected(
            [edge for edge in edges if edge[0] != edge[1]]
        )
        assert len(rows) == len({row["node"] for row in rows})


def test_no_edges_have_no_components(spark: SparkSession, tmp_path: Path) -> None:
    frame = spark.createDataFrame([], EDGES)
    assert components.find(frame, Scratch(str(tmp_path)), in_memory=10).collect() == []
