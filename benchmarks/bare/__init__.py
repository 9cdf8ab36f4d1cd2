"""What each slice is built on, alone: the libraries' calls over a dump, and nothing around them.

Each module has `bare(paths)`, which returns the characters of text that it made.
"""
