"""messages: the turns of a conversation, a column of the tables that hold texts; null for other documents.

Messages are in the order of reading. Where a set names its messages, `id` and `parent` are set for all of
them: they make one chain from the root on, which at its end may branch into answers to choose from.
"""

from __future__ import annotations

from pyspark.sql import types as T

MESSAGE = T.StructType(
    [
        T.StructField("role", T.StringType()),  # system, user, assistant or tool
        T.StructField("content", T.StringType()),
        T.StructField("id", T.StringType()),  # as the set has it; the first one's names the tree
        T.StructField("parent", T.StringType()),  # the id of the message that it answers
        T.StructField("language", T.StringType()),  # as the set declares it: en, pt-BR
        T.StructField("rank", T.IntegerType()),  # among the answers to one message; 0 is the best
        # review_result, toxicity, detoxify_toxicity, ...: 0 to 1, counts and flags as numbers
        T.StructField("labels", T.MapType(T.StringType(), T.DoubleType())),
        # JSON: further keys of a message in OpenAI's form, or where an instruction's input begins
        T.StructField("extra", T.StringType()),
    ]
)

MESSAGES = T.ArrayType(MESSAGE)
