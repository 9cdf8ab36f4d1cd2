"""The steps of dedup in the driver's memory, for so few documents that Spark's jobs would take longer.

They give the rows that the same steps give on Spark: the centres of stars are the smallest nodes there
too, and similarities, SimHash tables, components and the order of a cluster are the same functions.
"""
