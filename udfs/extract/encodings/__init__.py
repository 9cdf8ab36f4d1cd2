"""Encodings as browsers have them: labels, labels in pages, decoders.

An encoding goes by the name of Python's codec that is nearest to it; `labels` has them all.
"""
