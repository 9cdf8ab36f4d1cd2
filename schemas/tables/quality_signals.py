"""quality_signals: the 45 signals of RedPajama-V2 as one struct, in the order and by the names of V2.

`schemas.signals` has the names, and `udfs.quality_signals` documents each signal. A signal of the
document is one number; a signal of its lines is an array with one entry a line. All are null where the
text is null. Signals of installed packages are in the map `user_signals`.
"""

from __future__ import annotations

from pyspark.sql import types as T

from schemas.signals import V2_SIGNALS, SignalType

# start and end: code points into the text, end exclusive and with the line's newline
LINE_SCORES = T.ArrayType(
    T.StructType(
        [
            T.StructField("start", T.IntegerType()),
            T.StructField("end", T.IntegerType()),
            T.StructField("score", T.DoubleType()),
        ]
    )
)


def _spark_type(signal: SignalType) -> T.DataType:
    if signal.kind == "lines":
        return LINE_SCORES
    return T.IntegerType() if signal.integer else T.DoubleType()


QUALITY_SIGNALS = T.StructType(
    [T.StructField(name, _spark_type(signal)) for name, signal in V2_SIGNALS.items()]
)

# name of the signal -> its number; a signal without a number for the document is absent
USER_SIGNALS = T.MapType(T.StringType(), T.DoubleType())
