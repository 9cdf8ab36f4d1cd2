"""Steps of a takedown: its entries, the files that hold a document, and their new versions."""
