"""Templates of wikitext as text, in the editions of RedPajama-V1.

`*.txt` are tables, one an edition: names of templates and what they show, written as wikitext.
"""
