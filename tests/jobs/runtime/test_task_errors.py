"""Errors of Spark, of which the driver sees only the text, as one line."""

from __future__ import annotations

import logging

import pytest
from pyspark.errors import AnalysisException, PythonException

from jobs.runtime import interrupts, task_errors

LINES = {
    # Spark 4, of a file that vanished, one that is cut, and one that is none
    "[FAILED_READ_FILE.FILE_NOT_EXIST] Encountered error while reading file "
    "file:///data/corpus/r/rows/part-1.zstd.parquet. File does not exist.": (
        "cannot read file:///data/corpus/r/rows/part-1.zstd.parquet, which is lost or damaged: "
        "`redpajama check` says which command makes it again"
    ),
    "java.lang.RuntimeException: s3a://b/corpus/r/part-1.parquet is not a Parquet file. Expected magic "
    "number at tail, but found [1, 2, 3, 4]": (
        "cannot read s3a://b/corpus/r/part-1.parquet, which is lost or damaged: "
        "`redpajama check` says which command makes it again"
    ),
    "[PATH_NOT_FOUND] Path does not exist: file:/data/corpus/r/rows. SQLSTATE: 42K03": (
        "cannot read file:/data/corpus/r/rows, which is lost or damaged: "
        "`redpajama check` says which command makes it again"
    ),
    "pyarrow.lib.ArrowInvalid: Parquet magic bytes not found in footer.": (
        "cannot read a Parquet file, which is lost or damaged: "
        "`redpajama check` says which command makes it again"
    ),
    # no permission, on a disk and in a bucket
    "Job aborted.\njava.io.FileNotFoundException: /data/corpus/r/rows/_temporary/0/a.parquet "
    "(Permission denied)\n\tat java.base": (
        "/data/corpus/r/rows/_temporary/0/a.parquet: Permission denied; nothing was published: check "
        "the permissions"
    ),
    "java.io.IOException: Mkdirs failed to create file:/data/corpus/r/rows/_temporary/0": (
        "Mkdirs failed to create file:/data/corpus/r/rows/_temporary/0; nothing was published: check "
        "the permissions"
    ),
    "java.nio.file.AccessDeniedException: s3a://b/corpus: getFileStatus": (
        "AccessDeniedException; nothing was published: check the permissions"
    ),
    "java.io.IOException: No space left on device": "a disk is full, and nothing was published: free ...",
    "ModuleNotFoundError: No module named 'jobs'": "the workers do not have this project: give ...",
    "ModuleNotFoundError: No module named 'my_rules'": "the workers have no module my_rules: give ...",
    "Traceback\nschemas.errors.UserError: the worker a: no models\nmore": "the worker a: no models",
}


@pytest.mark.parametrize("text", LINES)
@pytest.mark.parametrize("kind", [AnalysisException, PythonException])
def test_a_task_s_error_is_one_line(text: str, kind: type[AnalysisException]) -> None:
    expected, dots, _ = LINES[text].partition("...")
    line = task_errors.user_message(kind(text))
    assert line is not None
    assert line.startswith(expected) if dots else line == expected


def test_errors_of_others_keep_their_traceback() -> None:
    assert task_errors.user_message(AnalysisException("[UNRESOLVED_COLUMN] x")) is None
    # the same words in an error of Python itself are a fault of the code
    assert task_errors.user_message(ValueError("x is not a Parquet file")) is None


def test_tracebacks_of_interrupted_calls_are_dropped(caplog: pytest.LogCaptureFixture) -> None:
    with interrupts.without_tracebacks():
        logging.error("KeyboardInterrupt while sending command.")
        logging.error("something else")
    logging.error("Exception while sending command.")
    assert [record.msg for record in caplog.records] == [
        "something else",
        "Exception while sending command.",
    ]
