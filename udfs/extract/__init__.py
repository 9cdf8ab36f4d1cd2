"""From the markup of a source to the text of a document."""
