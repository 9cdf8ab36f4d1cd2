"""Extract the text of documents from HTML, WET, LaTeX, wikitext, posts, source code and books.

Modules that a slice calls have `extract`, `text` or a similar function that takes one record and raises
`errors.ExtractionError` where it has no text. Their rules are RedPajama-V1's, except where its code has
a fault; the tests list the differences.
"""
