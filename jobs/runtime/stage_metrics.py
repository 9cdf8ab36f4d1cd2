"""Tasks, shuffled and spilled bytes of the Spark stages of a local session."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from py4j.protocol import Py4JJavaError
from pyspark.sql import SparkSession

from jobs.runtime.progress import is_connect
from schemas.errors import UserError


@dataclass(frozen=True)
class StageSums:
    """Sums over stages.

    Attributes
    ----------
    stages
        Number of stages that ran or were skipped.
    tasks
        Tasks of the stage with most of them.
    shuffle_bytes
        Bytes written to shuffle files, compressed.
    spilled_bytes
        Bytes that did not fit into memory, as written to disk.
    """

    stages: int = 0
    tasks: int = 0
    shuffle_bytes: int = 0
    spilled_bytes: int = 0


class StageMetrics:
    """Reads the metrics of the stages that have come since the last reading.

    Raises
    ------
    UserError
        The session is not local: its tasks run in processes that cannot be measured from here.
    """

    def __init__(self, spark: SparkSession) -> None:
        is_local = str(spark.conf.get("spark.master", "")).startswith("local")
        if is_connect(spark) or not is_local:
            raise UserError(
                "processes of other machines cannot be measured: run it where Spark is local"
            )
        self._context: Any = spark.sparkContext._jsc.sc()
        self._next = self._end()

    def read(self) -> StageSums:
        """Return the sums over the stages since the last call."""
        end = self._end()
        numbers = range(self._next, end)
        found = [stage for stage in map(self._stage, numbers) if stage is not None]
        self._next = end
        return StageSums(
            stages=len(found),
            tasks=max((stage.numTasks() for stage in found), default=0),
            shuffle_bytes=sum(stage.shuffleWriteBytes() for stage in found),
            spilled_bytes=sum(stage.diskBytesSpilled() for stage in found),
        )

    def _end(self) -> int:
        """Return the number that the next stage gets, when the metrics of all before it are there."""
        self._context.listenerBus().waitUntilEmpty()
        return int(self._context.dagScheduler().nextStageId())

    def _stage(self, number: int) -> Any:
        """Return a stage's last attempt; None where Spark has not run it or has forgotten it."""
        try:
            return self._context.statusStore().lastStageAttempt(number)
        except Py4JJavaError as error:
            if "NoSuchElementException" in str(error):
                return None
            raise
