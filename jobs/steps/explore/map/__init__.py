"""The map: documents as vectors, near ones near each other in the plane, and clusters named by words.

All of it is numpy and scipy, which the project needs anyway, and deterministic: the same documents give
the same map. embedding-atlas, which draws such maps too, is 24 MB, needs torch, sentence-transformers and
umap-learn (more than 3 GB with them), and pandas 3, which Spark 4 does not support; so it is not used.
"""
