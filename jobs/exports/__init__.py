"""One file a format: how tables become the files that other tools read.

A format is a module of its name with `inputs(root)`, the versions of the tables it reads; `FOLDERS`, what it
makes below the output folder; and `write(context, config, record)`, which writes all files, counts
into the record and returns what it has written.
"""
