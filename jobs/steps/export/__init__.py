"""One file a format: how tables become the files that other tools read.

A format is a module of its name with `inputs(context, config)`, the versions of the tables it reads;
`FOLDERS`, what it makes below the output folder; `OPTIONS`, the settings that not every format takes; and
`plan(context, config, record)`, which refuses what cannot be exported, counts what goes in, and returns
a function that writes all files and returns them. The trainers' formats share
`jobs.steps.export.shards`.
"""
