"""The main content of a web page: its blocks, which of them are content, and their text."""
